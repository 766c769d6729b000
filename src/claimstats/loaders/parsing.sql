-- How the text of an export becomes typed values. Each macro answers null for what it refuses, so that
-- a row is rejected with its text instead of being loaded wrong. Patterns come before casts: a cast
-- alone rounds, trims and guesses.

-- What cannot be seen: white space, and marks of width, direction and byte order, which come along when
-- text is copied from a page.
SET VARIABLE unseen = (
    SELECT string_agg(chr(CAST(sign AS INTEGER)), '')
    FROM (
        SELECT unnest(
            range(9, 14) || [32, 160, 5760] || range(8192, 8208) || range(8232, 8240)
            || range(8287, 8298) || [12288, 65279]
        ) AS sign
    )
);

-- Text without what cannot be seen around it; null when nothing is left. Nearly every cell begins and ends
-- with a sign of ASCII that is seen, which is looked at six times as quickly.
CREATE OR REPLACE TEMP MACRO bare(x) AS
    CASE
        WHEN left(x, 1) BETWEEN '!' AND '~' AND right(x, 1) BETWEEN '!' AND '~' THEN x
        ELSE nullif(trim(x, getvariable('unseen')), '')
    END;

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
        WHEN regexp_matches(x, '^[^\d .,/:-]+\.? \d{1,2}, (199[5-9]|20\d\d)')
        THEN regexp_extract(
            x, '^([^\d .,/:-]+)\.? (\d{1,2}), (\d{4})(.*)$', ['month', 'day', 'year', 'rest']
        )
        WHEN regexp_matches(x, '^\d{1,2}\.? (de )?[^\d .,/:-]+\.? (de )?(199[5-9]|20\d\d)')
        THEN regexp_extract(
            x,
            '^(\d{1,2})\.? (?:de )?([^\d .,/:-]+)\.? (?:de )?(\d{4})(.*)$',
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
        -- Nearly every time of an order export; twice as quick as the pattern and the cast.
        WHEN x LIKE '20________T________+00:00' THEN try_strptime(x, '%Y-%m-%dT%H:%M:%S+00:00')
        WHEN regexp_full_match(x, '(199[5-9]|20\d\d)-\d{2}-\d{2}') THEN try_strptime(x, '%Y-%m-%d')
        WHEN regexp_full_match(x, '\d{1,2}-[A-Za-z]{3}-(199[5-9]|20\d\d)')
            THEN try_strptime(x, '%d-%b-%Y')
        WHEN regexp_full_match(x, '\d{1,2}-[A-Za-z]{3}-(199[5-9]|20\d\d) \d{1,2}:\d{2}:\d{2}')
            THEN try_strptime(x, '%d-%b-%Y %H:%M:%S')
        WHEN regexp_full_match(
            x, '(199[5-9]|20\d\d)[-/]\d{2}[-/]\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?'
        )
            THEN TRY_CAST(replace(x, 'T', ' ') AS TIMESTAMP)
        WHEN regexp_full_match(
            x,
            '(199[5-9]|20\d\d)[-/]\d{2}[-/]\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)? ?'
            || '(Z|UTC|[+-][01]\d:?[0-5]\d)'
        )
            THEN TRY_CAST(
                replace(regexp_replace(x, ' ?(Z|UTC|[+-]\d{2}:?\d{2})$', ''), 'T', ' ') AS TIMESTAMP
            ) - to_minutes(offset_minutes(x))
        ELSE parse_worded_time(x)
    END;

-- A day with its month in words, in English: Jan 5, 2026; January 5, 2026; 31 July, 2026; 15. July 2025.
CREATE OR REPLACE TEMP MACRO parse_word_date(x) AS
    CASE
        WHEN regexp_full_match(x, '[A-Za-z]{3,9}\.? \d{1,2}, ?(199[5-9]|20\d\d)')
            THEN try_strptime(replace(x, '.', ''), ['%b %d, %Y', '%B %d, %Y', '%b %d,%Y', '%B %d,%Y'])
        WHEN regexp_full_match(x, '\d{1,2}\.? [A-Za-z]{3,9}\.?,? (199[5-9]|20\d\d)')
            THEN try_strptime(translate(x, '.,', ''), ['%d %b %Y', '%d %B %Y'])
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

-- The sign of a currency that stands before or after an amount, such as CA$ in -CA$0.20 or € in 12,50 €;
-- null where none does.
CREATE OR REPLACE TEMP MACRO sign_of(x) AS
    nullif(regexp_extract(x, '[^\d\s\x{00A0}\x{202F}.,+−-]{1,4}'), '');

-- The amount without that sign.
CREATE OR REPLACE TEMP MACRO unsigned(x) AS
    replace(
        CASE
            WHEN regexp_matches(x, '\d$')
            THEN regexp_replace(x, '^([+−-]?)[\s\x{00A0}\x{202F}]*(?:[^\d\s\x{00A0}\x{202F}.,+−-]{1,4})?[\s\x{00A0}\x{202F}]*([+−-]?\d.*)$', '\1\2')
            ELSE regexp_replace(x, '^([+−-]?\d.*?)[\s\x{00A0}\x{202F}]*[^\d\s\x{00A0}\x{202F}.,+−-]{1,4}$', '\1')
        END,
        '−', '-'
    );

-- Whether a currency is written with that sign; its code always is one.
CREATE OR REPLACE TEMP MACRO is_sign_of(found_sign, of_currency) AS
    upper(found_sign) = of_currency OR EXISTS (
        SELECT 1 FROM currency_signs AS s WHERE s.sign = found_sign AND s.currency = of_currency
    );

-- The currency that an amount's sign means: where several write it so, that of the marketplace; null where
-- neither tells.
CREATE OR REPLACE TEMP MACRO currency_told(x, in_marketplace) AS
    CASE
        WHEN x IS NULL THEN NULL
        WHEN regexp_full_match(sign_of(x), '[A-Z]{3}') THEN sign_of(x)
        WHEN sign_of(x) IS NULL THEN (
            SELECT m.currency FROM marketplace_currencies AS m WHERE m.marketplace = in_marketplace
        )
        ELSE coalesce(
            (
                SELECT CASE WHEN count(*) = 1 THEN min(s.currency) END
                FROM currency_signs AS s WHERE s.sign = sign_of(x)
            ),
            (
                SELECT min(s.currency)
                FROM currency_signs AS s
                JOIN marketplace_currencies AS m ON m.currency = s.currency
                WHERE s.sign = sign_of(x) AND m.marketplace = in_marketplace
            )
        )
    END;

-- An amount with a decimal point and at most four decimals. Refused because a reader must not guess:
-- 12,50 and 1.234 (a comma before cents, or between thousands?; no thousands begin with 0, so 0.125 is an
-- amount), and 1,234 unless the file is known to write a point before the cents.
CREATE OR REPLACE TEMP MACRO parse_pointed(x, is_known) AS
    CASE
        WHEN x = '0.0' THEN CAST(0 AS DECIMAL(18, 4)) -- most cells of some columns; quicker so
        WHEN regexp_full_match(x, '[+-]?\d{1,14}(\.\d{1,2})?') THEN CAST(x AS DECIMAL(18, 4))
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

-- A day with slashes with its year first and in four digits.
CREATE OR REPLACE TEMP MACRO year_first(x, day_order) AS
    CASE WHEN regexp_matches(x, '/\d{4}( |$)') THEN '' ELSE '20' END
    || regexp_replace(
        x,
        '^(\d{1,2})/(\d{1,2})/(\d+)',
        CASE WHEN day_order = 'mdy' THEN '\3-\1-\2' ELSE '\3-\2-\1' END
    );

-- A day whose parts are divided by slashes, with a time or without; day_order is mdy or dmy. A year of two
-- digits is one of this century. d-m-y is the order of days such as 14-05-2026, with slashes refused. An
-- export that settles slashes writes dots elsewhere, the day first.
CREATE OR REPLACE TEMP MACRO parse_slashed(x, day_order) AS
    CASE
        WHEN day_order IN ('mdy', 'dmy') AND regexp_full_match(x, '\d{2}\.\d{2}\.20\d\d')
        THEN try_strptime(x, '%d.%m.%Y')
        WHEN day_order IN ('mdy', 'dmy') AND regexp_full_match(
            x, '\d{1,2}/\d{1,2}/(20\d\d|\d\d)( \d{1,2}:\d{2}(:\d{2})?)?'
        )
        THEN TRY_CAST(year_first(x, day_order) AS TIMESTAMP)
        WHEN day_order IN ('mdy', 'dmy') AND regexp_full_match(
            x, '\d{1,2}/\d{1,2}/(20\d\d|\d\d) \d{1,2}:\d{2}(:\d{2})? ?[AaPp][Mm]'
        )
        THEN try_strptime(
            regexp_replace(year_first(x, day_order), ' ?([AaPp][Mm])$', ' \1'),
            ['%Y-%m-%d %I:%M:%S %p', '%Y-%m-%d %I:%M %p']
        )
        WHEN day_order = 'd-m-y' AND regexp_full_match(x, '\d{1,2}-\d{1,2}-20\d\d')
        THEN try_strptime(x, '%d-%m-%Y')
    END;

-- What a day with slashes shows of its file's order of day and month; null where it could be either.
CREATE OR REPLACE TEMP MACRO slashes_shown(x) AS
    CASE
        WHEN NOT regexp_matches(x, '^\d{1,2}/\d{1,2}/\d{2,4}') THEN NULL
        WHEN CAST(regexp_extract(x, '^(\d+)/', 1) AS INTEGER) > 12 THEN 'dmy'
        WHEN CAST(regexp_extract(x, '^\d+/(\d+)/', 1) AS INTEGER) > 12 THEN 'mdy'
    END;

-- A whole number of at most nine digits.
CREATE OR REPLACE TEMP MACRO parse_integer(x) AS
    CASE WHEN x = '1' THEN 1 WHEN regexp_full_match(x, '[+-]?\d{1,9}') THEN CAST(x AS INTEGER) END;

-- An amount in minor units (cents), as a whole number without a sign.
CREATE OR REPLACE TEMP MACRO parse_minor(x) AS
    CASE WHEN regexp_full_match(x, '\d{1,13}') THEN CAST(x AS BIGINT) END;

-- An amount in minor units as an amount of its currency: 12345 is 123.45 USD, 12345 JPY and 12.345 KWD.
CREATE OR REPLACE TEMP MACRO in_major(x, of_currency) AS
    CAST(
        CAST(x AS DECIMAL(13, 0)) * CASE coalesce(
            (SELECT e.exponent FROM currency_exponents AS e WHERE e.currency = of_currency), 2
        )
            WHEN 0 THEN 1.0000 WHEN 2 THEN 0.0100 WHEN 3 THEN 0.0010 WHEN 4 THEN 0.0001
        END AS DECIMAL(18, 4)
    );

-- A rating from 0 to 5 with at most one decimal.
CREATE OR REPLACE TEMP MACRO parse_rating(x) AS
    CASE WHEN regexp_full_match(x, '[0-4](\.\d)?|5(\.0)?') THEN CAST(x AS DECIMAL(3, 1)) END;

-- A share, such as 0.0025, with a decimal point.
CREATE OR REPLACE TEMP MACRO parse_ratio(x) AS
    CASE WHEN regexp_full_match(x, '\d{1,3}(\.\d{1,40})?') THEN CAST(x AS DOUBLE) END;

-- Yes or no, as the venues and people write it.
CREATE OR REPLACE TEMP MACRO parse_boolean(x) AS
    CASE
        WHEN x = 'false' THEN false
        WHEN lower(x) IN ('true', 'yes', 'y', '1', 'ja', 'oui', 'sí', '是', '有', 'はい') THEN true
        WHEN lower(x) IN ('false', 'no', 'n', '0', 'nein', 'non', '否', '无', 'いいえ') THEN false
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
CREATE OR REPLACE TEMP MACRO currency_above(x) AS (
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
    CASE WHEN x LIKE '___-_______-_______' THEN TRY_CAST(replace(x, '-', '') AS BIGINT) END;

-- A buyer's id as a keyed hash: the same for the same buyer in this book, whatever its case and blanks, and
-- no id. It is the first half of HMAC-SHA256 (RFC 2104), whose key, padded for both rounds, is in variables
-- of the session and in no book; whoever has it can find out which id a hash stands for.
CREATE OR REPLACE TEMP MACRO buyer_hash(x) AS
    left(
        sha256(
            CAST(getvariable('buyer_key_outer') AS BLOB)
            || unhex(
                sha256(
                    CAST(getvariable('buyer_key_inner') AS BLOB)
                    || encode(regexp_replace(lower(x), '[\s\pZ]+', '', 'g'))
                )
            )
        ),
        32
    );

-- The columns kept by their header, and others beside them; null where there is none.
CREATE OR REPLACE TEMP MACRO with_more(extra, more) AS
    CAST(
        nullif(CAST(json_merge_patch(coalesce(extra, '{}'), more) AS VARCHAR), '{}') AS JSON
    );

-- Amounts and times where nothing else is settled: a point before the cents, and no days with slashes.
CREATE OR REPLACE TEMP MACRO parse_amount(x) AS parse_pointed(x, false);
CREATE OR REPLACE TEMP MACRO parse_time(x) AS parse_plain_time(x);
