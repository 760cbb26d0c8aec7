from django.db import migrations

FUNCTION = """
-- As before; and whoever signed an application signs its correction, which keeps the former signature.
CREATE OR REPLACE FUNCTION kijun_only_steps() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    theirs CONSTANT text[] := ARRAY['applicant', 'answers', 'people', 'filled', 'signature', 'account_id', 'about_id',
                                    'code_digest', 'forgotten_at'];
    is_over CONSTANT boolean := NOT EXISTS (
        SELECT FROM unnest(TG_ARGV) AS one WHERE starts_with(one, OLD.workflow || ':' || OLD.state || ':'));
BEGIN
    IF OLD.forgotten_at IS NOT NULL THEN
        RAISE EXCEPTION 'What is forgotten stays forgotten' USING ERRCODE = '23514', CONSTRAINT = TG_NAME;
    END IF;
    IF NEW.forgotten_at IS NOT NULL THEN
        IF NOT is_over THEN
            RAISE EXCEPTION 'Only what is over is forgotten' USING ERRCODE = '23514', CONSTRAINT = TG_NAME;
        END IF;
        IF to_jsonb(NEW) - theirs <> to_jsonb(OLD) - theirs
           OR (NEW.applicant, NEW.answers, NEW.people, NEW.filled, NEW.signature) <> ('{}', '{}', '{}', '{}', '{}')
           OR NEW.account_id IS NOT NULL OR NEW.about_id IS NOT NULL OR NEW.code_digest <> '' THEN
            RAISE EXCEPTION 'A case is forgotten as a whole, and nothing else of it changes'
                USING ERRCODE = '23514', CONSTRAINT = TG_NAME;
        END IF;
        RETURN NEW;
    END IF;
    IF is_over AND NEW IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'What is over stays; % does not follow % in %', NEW.state, OLD.state, NEW.workflow
            USING ERRCODE = '23514', CONSTRAINT = TG_NAME;
    END IF;
    IF NEW.state <> OLD.state
       AND array_position(TG_ARGV, NEW.workflow || ':' || OLD.state || ':' || NEW.state) IS NULL THEN
        RAISE EXCEPTION '% does not follow % in %', NEW.state, OLD.state, NEW.workflow
            USING ERRCODE = '23514', CONSTRAINT = TG_NAME;
    END IF;
    IF (OLD.number, OLD.code_digest, OLD.procedure, OLD.version, OLD.entry, OLD.workflow, OLD.applicant,
        OLD.submitted_at, OLD.account_id) IS DISTINCT FROM
       (NEW.number, NEW.code_digest, NEW.procedure, NEW.version, NEW.entry, NEW.workflow, NEW.applicant,
        NEW.submitted_at, NEW.account_id) THEN
        RAISE EXCEPTION 'What was submitted stays'
            USING ERRCODE = '23514', CONSTRAINT = TG_NAME;
    END IF;
    IF NEW.signature <> OLD.signature
       AND (OLD.state <> 'correction' OR NEW.state = OLD.state OR OLD.signature = '{}'
            OR NEW.signature -> 'former' -> -1 IS DISTINCT FROM OLD.signature - 'former') THEN
        RAISE EXCEPTION 'A signature gives way only to that of a correction, which keeps it'
            USING ERRCODE = '23514', CONSTRAINT = TG_NAME;
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0009_findings'),
    ]

    operations = [
        migrations.RunSQL(FUNCTION, migrations.RunSQL.noop),
    ]
