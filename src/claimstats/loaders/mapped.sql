-- How the cells of a seller's own sheet are read before the checks that every export goes through: days
-- in the order that the mapping names, amounts with a sign of their currency.

-- The sign or code that stands before or after an amount, in capitals; null where there is none.
CREATE OR REPLACE TEMP MACRO sign_in(x) AS
    CASE
        WHEN regexp_full_match(
            x,
            '[+−-]?[\pZ\s]*[^\d\pZ\s+−.,''’()-]+[\pZ\s]*[+−-]?[\pZ\s]*\d[\d.,''’\pZ]*'
            || '|[+−-]?[\pZ\s]*\d[\d.,''’\pZ]*[^\d\pZ\s+−.,''’()-]+'
        )
        THEN upper(regexp_replace(x, '[\d\pZ\s+−.,''’-]+', '', 'g'))
    END;

-- Whether a sign may stand for a currency.
CREATE OR REPLACE TEMP MACRO sign_fits(sign_found, code) AS
    sign_found = upper(code)
    OR EXISTS (
        FROM currency_signs AS s WHERE upper(s.sign) = sign_found AND s.currency = upper(code)
    );

-- A number without apostrophes between its thousands.
CREATE OR REPLACE TEMP MACRO without_apostrophes(x) AS
    regexp_replace(x, '(\d)[''’](\d{3})', '\1\2', 'g');

-- An amount without its sign of currency and without apostrophes between thousands.
CREATE OR REPLACE TEMP MACRO without_sign(x) AS
    without_apostrophes(
        regexp_replace(
            bare(regexp_replace(x, '[^\d+−.,''’\pZ-]+', '', 'g')), '^([+−-])[\pZ\s]+', '\1'
        )
    );

-- A time of day such as 9:05, 14:30:00 or 2:30 PM as text with two digits each; '' for no time.
CREATE OR REPLACE TEMP MACRO clock_of(x) AS
    CASE
        WHEN x = '' THEN ''
        WHEN regexp_full_match(x, '([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?')
            THEN ' ' || CASE WHEN x LIKE '_:%' THEN '0' ELSE '' END || x
        WHEN regexp_full_match(upper(x), '(0?[1-9]|1[0-2]):[0-5]\d ?[AP]M')
            THEN strftime(try_strptime(replace(upper(x), ' ', ''), '%I:%M%p'), ' %H:%M')
        WHEN regexp_full_match(upper(x), '(0?[1-9]|1[0-2]):[0-5]\d:[0-5]\d ?[AP]M')
            THEN strftime(try_strptime(replace(upper(x), ' ', ''), '%I:%M:%S%p'), ' %H:%M:%S')
    END;

-- A calendar day from its parts as ISO text, with the time of day after it; null where there is no such
-- day. A year of two digits is one of this century.
CREATE OR REPLACE TEMP MACRO iso_day(y, m, d, clock) AS
    strftime(
        TRY_CAST(
            lpad(y, 4, '20') || '-' || lpad(m, 2, '0') || '-' || lpad(d, 2, '0') AS DATE
        ),
        '%Y-%m-%d'
    ) || clock_of(clock);

-- Whether a day stands in figures with slashes, points or hyphens, the year last.
CREATE OR REPLACE TEMP MACRO is_in_figures(x) AS
    regexp_matches(x, '^\d{1,2}(/\d{1,2}/|\.\s?\d{1,2}\.\s?|-\d{1,2}-)(20\d\d|\d\d)($|[T ,])');

-- A day in figures as ISO text in one order of day and month, dmy or mdy; null where it is none in it.
CREATE OR REPLACE TEMP MACRO day_in_order(x, day_order) AS
    CASE
        WHEN is_in_figures(x) THEN CASE
            WHEN day_order = 'dmy' THEN iso_day(
                regexp_extract(x, '^\d+\D+\d+\D+(\d+)', 1), regexp_extract(x, '^\d+\D+(\d+)', 1),
                regexp_extract(x, '^(\d+)', 1), regexp_extract(x, '^\d+\D+\d+\D+\d+[T ,]*(.*)$', 1)
            )
            WHEN day_order = 'mdy' THEN iso_day(
                regexp_extract(x, '^\d+\D+\d+\D+(\d+)', 1), regexp_extract(x, '^(\d+)', 1),
                regexp_extract(x, '^\d+\D+(\d+)', 1), regexp_extract(x, '^\d+\D+\d+\D+\d+[T ,]*(.*)$', 1)
            )
        END
    END;

-- A day that means one day whatever the order of the file, as ISO text: the year first, or the month's
-- English name; null for others.
CREATE OR REPLACE TEMP MACRO plain_day(x) AS
    CASE
        WHEN regexp_matches(x, '^20\d\d(/\d{1,2}/|\.\d{1,2}\.|-\d{1,2}-)\d{1,2}($|[T ,])')
            OR regexp_matches(x, '^20\d\d\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日')
            THEN iso_day(
                left(x, 4), regexp_extract(x, '^\d+\D+(\d+)', 1),
                regexp_extract(x, '^\d+\D+\d+\D+(\d+)', 1),
                regexp_extract(x, '^\d+\D+\d+\D+\d+[T ,日]*(.*)$', 1)
            )
        WHEN regexp_full_match(x, '\d{1,2}\.? [A-Za-z]{3,9} 20\d\d|[A-Za-z]{3,9} \d{1,2},? 20\d\d')
            THEN strftime(
                try_strptime(
                    regexp_replace(x, '[.,]', '', 'g'), ['%d %b %Y', '%d %B %Y', '%b %d %Y', '%B %d %Y']
                ),
                '%Y-%m-%d'
            )
    END;
