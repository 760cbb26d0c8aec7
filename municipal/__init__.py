"""Kijun (基準): the rooms, in the order to read them (全体の地図).

core/            what a register knows without any database: dates, numbers, letters, codes, clauses
conformance/     the judge: published standards as data, rules, reports; runs alone, without Django (`conform`)
machine/         PostgreSQL and Valkey from wheels, for a town that has neither
municipalities/  the municipality, and the wall that keeps one from seeing the other
audit/           who did what, who was shown whom: append-only, chained, anchored
office/          what every counter shares: outbox, idempotency store, jobs, second-person decisions
inspections/     files handed over to the town, judged by the checker, with their reports
identity/        staff, sign-in, permissions per person and item
addressees/      everybody a municipality writes to, and the one way an address gets out
numbers/         individual numbers, encrypted, shown only for what the law allows
places/          addresses, buildings, counters, certifying officers
residents/       the basic resident register: records, history on two times, acts, search
payments/        public money: what is owed, what came in, the books
procedures/      what can be applied for: entries as data, their versions, search, guide, the three principles
banking/         files to and from banks: direct debit, refunds by transfer, account numbers
checkout/        paying online: a provider behind one interface, its simulator, its webhooks
certificates/    certificates and notices on paper, and who was given them
entitlements/    to what somebody was found entitled, from when until when; amounts as somebody decided them
applicants/      residents who sign in with a card, and for whom they may act; simulated cards for made-up towns
evidence/        asking other offices in place of the applicant, and answering them; a simulated intermediate server
transfer/        the register handed over whole and taken in whole; backup and restore
statistics/      what the register counts for the public
extracts/        what staff take out, in the standard's own item names
batches/         runs over everybody, and the closing of the day
applications/    applying from home: drafts, cases, the queue of the office
intake/          what comes from the national portal: numbers converted, form checked, states told back
web/             the screens
api/             the same as JSON
tracing/         which sentence of the standard is proved by what

Imports go down this list from the last to the first, never up; ``pyproject.toml`` holds it as a contract.
"""
