-- How the text of an export becomes typed values. Each macro answers null for what it refuses, so that
-- a row is rejected with its text instead of being loaded wrong. Patterns come before casts: a cast
-- alone rounds, trims and guesses.

-- Text without what cannot be seen around it (white space, marks of width, direction and byte order,
-- which come along when text is copied from a page); null when nothing is left.
CREATE OR REPLACE TEMP MACRO bare(x) AS
    nullif(
        regexp_replace(
            x, '^[\s\v\pZ\x{200B}-\x{200F}\x{202A}-\x{202E}\x{2060}-\x{2069}\x{FEFF}]+', ''
        ).regexp_replace(
            '[\s\v\pZ\x{200B}-\x{200F}\x{202A}-\x{202E}\x{2060}-\x{2069}\x{FEFF}]+$', ''
        ),
        ''
    );

-- Minutes east of UTC in a time such as 2026-05-08T23:36:26+02:00.
CREATE OR REPLACE TEMP MACRO offset_minutes(x) AS
    CASE
        WHEN x LIKE '%Z' OR x LIKE '%UTC' THEN 0
        ELSE CASE WHEN regexp_extract(x, '([+-])\d{2}:?\d{2}$', 1) = '-' THEN -1 ELSE 1 END
            * (
                60 * CAST(regexp_extract(x, '[+-](\d{2}):?\d{2}$', 1) AS INTEGER)
                + CAST(regexp_extract(x, '[+-]\d{2}:?(\d{2})$', 1) AS INTEGER)
            )
    END;

-- Months and zones by their words, as variables: a look-up in a table would be a join for each column.
SET VARIABLE month_of = (SELECT map(list(word), list(month)) FROM month_words);
SET VARIABLE zone_minutes = (SELECT map(list(word), list(minutes_east)) FROM zone_words);

-- A day in one of the forms that mean one day only, and what follows it: Sep 4, 2026 or 15 Mar 2026 or
-- 1 janv. 2026 (the month is a word), 2026/09/04 (nobody writes year, day, month) and, where a time and
-- its zone follow, as only machines write, 04.09.2026 (all countries that write dots put the day first).
CREATE OR REPLACE TEMP MACRO day_parts(x) AS
    CASE
        WHEN regexp_matches(x, '^\pL+\.? \d{1,2}, (199[5-9]|20\d\d)')
        THEN regexp_extract(
            x, '^(\pL+)\.? (\d{1,2}), (\d{4})(.*)$', ['month', 'day', 'year', 'rest']
        )
        WHEN regexp_matches(x, '^\d{1,2}\.? (de )?\pL+\.? (de )?(199[5-9]|20\d\d)')
        THEN regexp_extract(
            x,
            '^(\d{1,2})\.? (?:de )?(\pL+)\.? (?:de )?(\d{4})(.*)$',
            ['day', 'month', 'year', 'rest']
        )
        WHEN regexp_matches(x, '^(199[5-9]|20\d\d)/\d{2}/\d{2}')
        THEN regexp_extract(x, '^(\d{4})/(\d{2})/(\d{2})(.*)$', ['year', 'month', 'day', 'rest'])
        WHEN regexp_matches(x, '^\d{2}\.\d{2}\.(199[5-9]|20\d\d) \d{1,2}:\d{2}(:\d{2})? [A-Z]{3}')
        THEN regexp_extract(x, '^(\d{2})\.(\d{2})\.(\d{4})(.*)$', ['day', 'month', 'year', 'rest'])
    END;

-- The clock of a time such as 1:05:07 AM PDT, 10.15.00 GMT+02:00 or 1:00:00JST, without anything else.
CREATE OR REPLACE TEMP MACRO clock_parts(x) AS
    CASE
        WHEN regexp_full_match(
            x,
            ',? \d{1,2}[:.]\d{2}([:.]\d{2})?( ?[AaPp]\.? ?[Mm]\.?)?( ?(GMT([+-]\d{1,2}(:?\d{2})?)?|[A-Z]{3,4}))?'
        )
        THEN regexp_extract(
            x,
            '^,? (\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?: ?([AaPp])\.? ?[Mm]\.?)?'
            || '(?: ?(GMT(?:[+-]\d{1,2}(?::?\d{2})?)?|[A-Z]{3,4}))?$',
            ['hour', 'minute', 'second', 'half', 'zone']
        )
    END;

-- Minutes east of UTC of a zone's word; null for a word that zone_words does not have.
CREATE OR REPLACE TEMP MACRO zone_offset(zone) AS
    CASE
        WHEN zone = '' THEN 0
        WHEN zone LIKE 'GMT_%' THEN
            CASE WHEN zone LIKE 'GMT-%' THEN -1 ELSE 1 END
            * (
                60 * CAST(regexp_extract(zone, '[+-](\d{1,2}?)(:?\d{2})?$', 1) AS INTEGER)
                + coalesce(TRY_CAST(regexp_extract(zone, '[+-]\d{1,2}?:?(\d{2})$', 1) AS INTEGER), 0)
            )
        ELSE getvariable('zone_minutes')[zone]
    END;

-- The hour of the day; null for one that a clock of twelve hours does not show.
CREATE OR REPLACE TEMP MACRO hour_of(hour, half) AS
    CASE
        WHEN half = '' THEN hour
        WHEN hour NOT BETWEEN 1 AND 12 THEN NULL
        ELSE hour % 12 + CASE WHEN lower(half) = 'p' THEN 12 ELSE 0 END
    END;

-- A day of day_parts at the clock of clock_parts, in UTC; without a clock the beginning of the day.
CREATE OR REPLACE TEMP MACRO time_of(day, clock) AS
    TRY_CAST(
        day.year || '-'
        || coalesce(
            TRY_CAST(day.month AS INTEGER),
            getvariable('month_of')[strip_accents(lower(day.month))]
        ) || '-' || day.day AS TIMESTAMP
    )
    + CASE
        WHEN day.rest = '' THEN INTERVAL 0 SECOND
        WHEN CAST(clock.minute AS INTEGER) < 60 AND coalesce(TRY_CAST(clock.second AS INTEGER), 0) < 60
            AND hour_of(CAST(clock.hour AS INTEGER), clock.half) < 24
            AND abs(zone_offset(clock.zone)) <= 14 * 60
        THEN to_minutes(
            60 * hour_of(CAST(clock.hour AS INTEGER), clock.half) + CAST(clock.minute AS INTEGER)
            - zone_offset(clock.zone)
        ) + to_seconds(coalesce(TRY_CAST(clock.second AS INTEGER), 0))
    END;

-- A time of transaction exports, with blanks of any width between its parts. The lambdas name what is
-- taken apart once: a macro's argument is worked out anew wherever it stands.
CREATE OR REPLACE TEMP MACRO parse_worded_time(x) AS
    list_transform(
        [day_parts(regexp_replace(x, '\pZ+', ' ', 'g'))],
        lambda day: list_transform([clock_parts(day.rest)], lambda clock: time_of(day, clock))[1]
    )[1];

-- A date or time in UTC; a time without a zone is taken as UTC. Years are those in which a marketplace
-- has existed: Amazon opened in 1995. Orders like 03/04/2026 are refused: they mean two days in two
-- countries.
CREATE OR REPLACE TEMP MACRO parse_plain_time(x) AS
    CASE
        WHEN regexp_full_match(x, '(199[5-9]|20\d\d)-\d{2}-\d{2}') THEN try_strptime(x, '%Y-%m-%d')
        WHEN regexp_full_match(x, '\d{1,2}-[A-Za-z]{3}-(199[5-9]|20\d\d)')
            THEN try_strptime(x, '%d-%b-%Y')
        WHEN regexp_full_match(x, '\d{1,2}-[A-Za-z]{3}-(199[5-9]|20\d\d) \d{1,2}:\d{2}:\d{2}')
            THEN try_strptime(x, '%d-%b-%Y %H:%M:%S')
        WHEN regexp_full_match(
            x, '(199[5-9]|20\d\d)-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?'
        )
            THEN TRY_CAST(replace(x, 'T', ' ') AS TIMESTAMP)
        WHEN regexp_full_match(
            x,
            '(199[5-9]|20\d\d)-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)? ?'
            || '(Z|UTC|[+-][01]\d:?[0-5]\d)'
        )
            THEN TRY_CAST(
                replace(regexp_replace(x, ' ?(Z|UTC|[+-]\d{2}:?\d{2})$', ''), 'T', ' ') AS TIMESTAMP
            ) - to_minutes(offset_minutes(x))
        ELSE parse_worded_time(x)
    END;

-- Whether a time is known to the day or to the instant.
CREATE OR REPLACE TEMP MACRO precision_of(x) AS
    CASE
        WHEN x IS NULL THEN NULL
        WHEN regexp_matches(x, '\d:\d\d|\pZ\d{1,2}\.\d\d(\.\d\d)?(\pZ|$)') THEN 'instant'
        ELSE 'day'
    END;

-- A number as some marketplaces write it, with plain signs: a minus for U+2212, no blanks (of any width)
-- between thousands.
CREATE OR REPLACE TEMP MACRO plain_number(x) AS
    CASE
        WHEN regexp_full_match(
            replace(x, '−', '-'), '[+-]?\d{1,3}([ \x{00A0}\x{2009}\x{202F}]\d{3})+([.,]\d+)?'
        )
        THEN regexp_replace(replace(x, '−', '-'), '[ \x{00A0}\x{2009}\x{202F}]', '', 'g')
        ELSE replace(x, '−', '-')
    END;

-- An amount with a decimal point and at most four decimals. Refused because a reader must not guess:
-- 12,50 and 1.234 (a comma before cents, or between thousands?; no thousands begin with 0, so 0.125 is an
-- amount), and 1,234 unless the file is known to write a point before the cents.
CREATE OR REPLACE TEMP MACRO parse_pointed(x, is_known) AS
    CASE
        WHEN regexp_full_match(x, '[+-]?[1-9]\d{0,2}\.\d{3}') THEN NULL
        WHEN regexp_full_match(x, '[+-]?\d{1,14}(\.\d{1,4})?') THEN TRY_CAST(x AS DECIMAL(18, 4))
        WHEN regexp_full_match(x, '[+-]?\d{1,3}(,\d{3})+\.\d{1,2}|[+-]?\d{1,3}(,\d{3}){2,}')
            THEN TRY_CAST(replace(x, ',', '') AS DECIMAL(18, 4))
        WHEN is_known AND regexp_full_match(x, '[+-]?[1-9]\d{0,2},\d{3}')
            THEN TRY_CAST(replace(x, ',', '') AS DECIMAL(18, 4))
    END;

-- What an amount shows of its file's decimal sign: ',' or '.', null where it could be either.
CREATE OR REPLACE TEMP MACRO decimal_shown(x) AS
    CASE
        WHEN regexp_full_match(plain_number(x), '[+-]?(\d+|\d{1,3}(\.\d{3})+),\d{1,2}') THEN ','
        WHEN regexp_full_match(plain_number(x), '[+-]?(\d+|\d{1,3}(,\d{3})+)\.\d{1,2}') THEN '.'
    END;

-- A day whose parts are divided by slashes, with a time or without; day_order is mdy or dmy. A year of two
-- digits is one of this century. An export that settles slashes writes dots elsewhere, the day first.
CREATE OR REPLACE TEMP MACRO parse_slashed(x, day_order) AS
    CASE
        WHEN day_order <> '' AND regexp_full_match(x, '\d{2}\.\d{2}\.20\d\d')
        THEN try_strptime(x, '%d.%m.%Y')
        WHEN day_order <> '' AND regexp_full_match(
            x, '\d{1,2}/\d{1,2}/(20\d\d|\d\d)( \d{1,2}:\d{2}(:\d{2})?)?'
        )
        THEN TRY_CAST(
            CASE WHEN regexp_matches(x, '/\d{4}( |$)') THEN '' ELSE '20' END
            || regexp_replace(
                x,
                '^(\d{1,2})/(\d{1,2})/(\d+)',
                CASE WHEN day_order = 'mdy' THEN '\3-\1-\2' ELSE '\3-\2-\1' END
            ) AS TIMESTAMP
        )
    END;

-- A whole number of at most nine digits.
CREATE OR REPLACE TEMP MACRO parse_integer(x) AS
    CASE WHEN regexp_full_match(x, '[+-]?\d{1,9}') THEN CAST(x AS INTEGER) END;

-- An amount in minor units (cents), as a whole number without a sign.
CREATE OR REPLACE TEMP MACRO parse_minor(x) AS
    CASE WHEN regexp_full_match(x, '\d{1,15}') THEN CAST(x AS BIGINT) END;

-- A rating from 0 to 5 with at most one decimal.
CREATE OR REPLACE TEMP MACRO parse_rating(x) AS
    CASE WHEN regexp_full_match(x, '[0-4](\.\d)?|5(\.0)?') THEN CAST(x AS DECIMAL(3, 1)) END;

-- Yes or no, as the venues and people write it.
CREATE OR REPLACE TEMP MACRO parse_boolean(x) AS
    CASE
        WHEN lower(x) IN ('true', 'yes', 'y', '1') THEN true
        WHEN lower(x) IN ('false', 'no', 'n', '0') THEN false
    END;

-- A word in lower case with every run of other signs as one underscore, to compare vocabularies.
CREATE OR REPLACE TEMP MACRO plain_word(x) AS
    trim(regexp_replace(lower(x), '[^\pL\pN]+', '_', 'g'), '_');

-- A state in capitals with single spaces, to match the patterns of state_rules.
CREATE OR REPLACE TEMP MACRO plain_state(x) AS
    trim(regexp_replace(upper(x), '[^\pL\pN]+', ' ', 'g'));

-- The outcome that a state's text means, by the first of state_rules that fits; null where none does.
CREATE OR REPLACE TEMP MACRO outcome_of(x, claim_direction) AS (
    SELECT arg_min(outcome, priority)
    FROM state_rules
    WHERE regexp_matches(plain_state(x), pattern)
        AND (direction IS NULL OR direction = claim_direction)
);

-- The reason that a text means, by reason_rules; null where none fits.
CREATE OR REPLACE TEMP MACRO reason_of(x) AS (
    SELECT reason FROM reason_rules WHERE word = plain_word(x)
);

-- The country code of a marketplace's name; the name itself where none is known.
CREATE OR REPLACE TEMP MACRO marketplace_of(x) AS
    coalesce((SELECT marketplace FROM marketplaces WHERE name = lower(x)), x);

-- The currency that a text above a table says for its amounts; null where it says none or several.
CREATE OR REPLACE TEMP MACRO currency_told(x) AS (
    SELECT CASE WHEN count(DISTINCT currency) = 1 THEN min(currency) END
    FROM currency_words
    WHERE regexp_matches(x, pattern)
);

-- The text of a line of money, by which money_rules tell what it is.
CREATE OR REPLACE TEMP MACRO money_words(x) AS
    trim(regexp_replace(lower(coalesce(x, '')), '[^\pL\pN]+', ' ', 'g'));
CREATE OR REPLACE TEMP MACRO money_text(line_type, amount_type, description, price_amount) AS
    money_words(line_type) || '|' || money_words(amount_type) || '|'
    || CASE WHEN coalesce(price_amount, 0) = 0 THEN money_words(description) ELSE '' END;

-- What a line is for its claim, by its rule and the way the money went: a grant's price that comes back
-- to the payer is a recovery where the buyer claims, a reversal where the seller does.
CREATE OR REPLACE TEMP MACRO money_kind(kind, direction, amount, price_amount) AS
    CASE
        WHEN kind <> 'grant' THEN kind
        WHEN direction = 'buyer_claims' AND coalesce(price_amount, amount) > 0 THEN 'recovery'
        WHEN direction = 'seller_claims' AND amount < 0 THEN 'reversal'
        ELSE kind
    END;

-- The digits of an Amazon order id as a number, by which orders are joined; null for other ids.
CREATE OR REPLACE TEMP MACRO order_key_of(x) AS
    CASE
        WHEN regexp_full_match(x, '\d{3}-\d{7}-\d{7}') THEN CAST(replace(x, '-', '') AS BIGINT)
    END;

-- A buyer's id as a keyed hash: the same for the same buyer in this book, and no id. The key is in no
-- book; whoever has it can find out which id a hash stands for.
CREATE OR REPLACE TEMP MACRO buyer_hash(x) AS
    CASE WHEN x IS NOT NULL THEN left(sha256(getvariable('buyer_key') || ' ' || lower(x)), 32) END;

-- Amounts and times where nothing else is settled: a point before the cents, and no days with slashes.
CREATE OR REPLACE TEMP MACRO parse_amount(x) AS parse_pointed(x, false);
CREATE OR REPLACE TEMP MACRO parse_time(x) AS parse_plain_time(x);
