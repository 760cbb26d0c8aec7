"""The checker: published standards as data, files judged against them, every clause accounted for (適合性の検査).

It knows no Django and no other room but ``core``: a vendor runs it alone (``conform check FOLDER``), and our own system
walks through the same door. In reading order:

- ``packs`` reads a standard from ``standards/<id>/<version>/``: items, codes, requirements, messages;
- ``findings`` says what can be found and how it ends;
- ``rules`` holds one file per rule, found by folder; its docstring is its manual;
- ``reading`` turns files of any kind into tables of text and says what was odd about them;
- ``engine`` runs the rules in one pass, and again in plain Python as the oracle of the tests;
- ``reports`` writes what was found, ``signatures`` seals it, ``waivers`` sets aside what was accepted;
- ``workbooks`` imports official workbooks, ``speclint`` and ``specdiff`` compare imported packs;
- ``slips`` judges payment codes, ``attestation`` collects what no machine can test;
- ``commands`` is the command line.
"""
