/* Check characters and shapes of identifiers.
 *
 * What is refused is refused for a reason that a clerk can see on the paper: length, character,
 * region, date, check character. Divisions are not compared with a list, because abolished ones
 * stay valid for life; only the two digits of the province are. The subject part of a credit code
 * (places 9 to 17) once was an organisation code with a check character of its own, but codes of
 * newer authorities (N, A, Y) do not keep it, so only place 18 decides. */
#include "civil/ident.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/num.h"
#include "base/utf8.h"
#include "civil/date.h"

#include <string.h>

#define USCC_LEN    18
#define RID_LEN     18
#define RID_BIRTH   6 /* year of birth */
#define FIRST_BIRTH 1800

/* GB 32100-2015 table 2: no I, O, S, V, Z. */
static const char USCC_ALPHABET[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool all_digits(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (!is_digit(s.p[i])) {
            return false;
        }
    }
    return true;
}

/* Value in the alphabet, or -1. */
static int uscc_value(char c)
{
    const char *at = c == '\0' ? NULL : strchr(USCC_ALPHABET, c);
    return at == NULL ? -1 : (int)(at - USCC_ALPHABET);
}

/* 0..35 of GB 11714, or -1. */
static int org_value(char c)
{
    if (is_digit(c)) {
        return c - '0';
    }
    return c >= 'A' && c <= 'Z' ? c - 'A' + 10 : -1;
}

/* Hyphens, dashes and blanks that people type into numbers. */
static bool is_filler(uint32_t cp)
{
    return cp == ' ' || cp == '\t' || cp == '\r' || cp == '\n' || cp == '-' || cp == 0xA0 ||
           (cp >= 0x2010 && cp <= 0x2015) || cp == 0x2212 || cp == 0x3000;
}

struct str ident_normalise(struct arena *a, struct str s)
{
    struct str folded = utf8_fold_width(a, s);
    struct buf b;
    buf_init(&b, a, folded.n + 1);
    size_t at = 0;
    while (at < folded.n) {
        size_t from = at;
        uint32_t cp = utf8_next(folded, &at);
        if (cp >= 'a' && cp <= 'z') {
            buf_putc(&b, (char)(cp - 'a' + 'A'));
        } else if (!is_filler(cp)) {
            buf_put(&b, str_sub(folded, from, at));
        }
    }
    return buf_str(&b);
}

char ident_uscc_digit(struct str first17)
{
    CHECK(first17.n == USCC_LEN - 1);
    int sum = 0;
    int weight = 1; /* powers of 3 modulo 31 */
    for (size_t i = 0; i < first17.n; i++) {
        int v = uscc_value(first17.p[i]);
        CHECK(v >= 0);
        sum += v * weight;
        weight = weight * 3 % 31;
    }
    return USCC_ALPHABET[(31 - sum % 31) % 31];
}

char ident_org_digit(struct str first8)
{
    static const int weight[8] = {3, 7, 9, 10, 5, 8, 4, 2};
    CHECK(first8.n == 8);
    int sum = 0;
    for (size_t i = 0; i < 8; i++) {
        int v = org_value(first8.p[i]);
        CHECK(v >= 0);
        sum += v * weight[i];
    }
    int digit = 11 - sum % 11;
    return digit == 10 ? 'X' : digit == 11 ? '0' : (char)('0' + digit);
}

char ident_rid_digit(struct str first17)
{
    CHECK(first17.n == RID_LEN - 1 && all_digits(first17));
    int sum = 0;
    for (size_t i = 0; i < first17.n; i++) {
        /* ISO 7064 MOD 11-2: the weight of a place is 2 to its distance from the end. */
        int weight = (1 << (17 - i)) % 11;
        sum += (first17.p[i] - '0') * weight;
    }
    return "10X98765432"[sum % 11];
}

enum ident_fault ident_check_uscc(struct str s)
{
    if (s.n != USCC_LEN) {
        return IDENT_LENGTH;
    }
    for (size_t i = 0; i < s.n; i++) {
        if (uscc_value(s.p[i]) < 0) {
            return IDENT_CHARACTER;
        }
    }
    if (!all_digits(str_sub(s, 2, 8))) { /* division of the registering authority */
        return IDENT_REGION;
    }
    return ident_uscc_digit(str_sub(s, 0, 17)) == s.p[17] ? IDENT_OK : IDENT_CHECK_DIGIT;
}

enum ident_fault ident_check_org(struct str s)
{
    bool hyphen = s.n == 10 && s.p[8] == '-';
    if (s.n != 9 && !hyphen) {
        return IDENT_LENGTH;
    }
    char last = s.p[s.n - 1];
    for (size_t i = 0; i < 8; i++) {
        if (org_value(s.p[i]) < 0) {
            return IDENT_CHARACTER;
        }
    }
    if (!is_digit(last) && last != 'X') {
        return IDENT_CHARACTER;
    }
    return ident_org_digit(str_sub(s, 0, 8)) == last ? IDENT_OK : IDENT_CHECK_DIGIT;
}

/* GB/T 2260 provinces; 81, 82, 83 residence permits of Hong Kong, Macao and Taiwan residents; 9x
 * permanent residence cards of foreigners. */
static bool province_ok(int code)
{
    static const struct {
        int from, to;
    } ranges[] = {{11, 15}, {21, 23}, {31, 37}, {41, 46}, {50, 54},
                  {61, 65}, {71, 71}, {81, 83}, {90, 99}};
    for (size_t i = 0; i < COUNT_OF(ranges); i++) {
        if (code >= ranges[i].from && code <= ranges[i].to) {
            return true;
        }
    }
    return false;
}

/* Born on a day that exists and is not in the future. */
static bool birth_ok(struct str yyyymmdd, int32_t today)
{
    int64_t year = 0;
    int64_t month = 0;
    int64_t day = 0;
    if (!num_digits(str_sub(yyyymmdd, 0, 4), &year) ||
        !num_digits(str_sub(yyyymmdd, 4, 6), &month) ||
        !num_digits(str_sub(yyyymmdd, 6, 8), &day)) {
        return false;
    }
    if (year < FIRST_BIRTH || month < 1 || month > 12 || day < 1 ||
        day > civil_month_days((int)year, (int)month)) {
        return false;
    }
    struct ymd now = civil_ymd(today);
    int64_t today_number = now.year * INT64_C(10000) + now.month * INT64_C(100) + now.day;
    return year * 10000 + month * 100 + day <= today_number;
}

enum ident_fault ident_check_rid(struct str s, int32_t today)
{
    if (s.n != RID_LEN) {
        return IDENT_LENGTH;
    }
    struct str first17 = str_sub(s, 0, RID_LEN - 1);
    char last = s.p[RID_LEN - 1];
    if (!all_digits(first17) || (!is_digit(last) && last != 'X')) {
        return IDENT_CHARACTER;
    }
    if (!province_ok((s.p[0] - '0') * 10 + (s.p[1] - '0'))) {
        return IDENT_REGION;
    }
    if (!birth_ok(str_sub(s, RID_BIRTH, RID_BIRTH + 8), today)) {
        return IDENT_DATE;
    }
    return ident_rid_digit(first17) == last ? IDENT_OK : IDENT_CHECK_DIGIT;
}

/* 0818-2345678, 02887654321, with -extension. */
static enum ident_fault check_landline(struct str s)
{
    ptrdiff_t dash = str_find_char(s, '-');
    bool after_area = dash == 3 || dash == 4;
    struct str area = after_area ? str_sub(s, 0, (size_t)dash) : STR_NONE;
    struct str rest = after_area ? str_sub(s, (size_t)dash + 1, s.n) : s;
    struct str number = str_split(&rest, '-');
    if (!all_digits(area) || !all_digits(number) || !all_digits(rest)) {
        return IDENT_CHARACTER;
    }
    if (rest.p != NULL && (rest.n < 1 || rest.n > 6)) {
        return IDENT_LENGTH;
    }
    size_t min = after_area ? 7 : 10;
    size_t max = after_area ? 8 : 12;
    return number.n >= min && number.n <= max ? IDENT_OK : IDENT_LENGTH;
}

enum ident_fault ident_check_phone(struct str s)
{
    if (s.n == 0) {
        return IDENT_LENGTH;
    }
    if (s.p[0] == '0') {
        return check_landline(s);
    }
    if (!all_digits(s)) {
        return IDENT_CHARACTER;
    }
    if (s.n != 11) {
        return IDENT_LENGTH;
    }
    return s.p[0] == '1' && s.p[1] >= '3' ? IDENT_OK : IDENT_FORM;
}

/* clang-format off */
static const struct {
    const char *word, *zh, *en;
} FAULTS[] = {
    [IDENT_OK]          = {"ok",          "正确",           "correct"},
    [IDENT_LENGTH]      = {"length",      "位数不对",       "wrong number of characters"},
    [IDENT_CHARACTER]   = {"character",   "有不允许的字符", "a character that is not allowed"},
    [IDENT_REGION]      = {"region",      "区划不对",       "no such region"},
    [IDENT_DATE]        = {"date",        "出生日期不对",   "impossible date of birth"},
    [IDENT_CHECK_DIGIT] = {"check-digit", "校验码不对",     "wrong check character"},
    [IDENT_FORM]        = {"form",        "格式不对",       "wrong form"},
};
/* clang-format on */

const char *ident_fault_zh(enum ident_fault f)
{
    return FAULTS[f].zh;
}

const char *ident_fault_en(enum ident_fault f)
{
    return FAULTS[f].en;
}

const char *ident_fault_word(enum ident_fault f)
{
    return FAULTS[f].word;
}

/* Keeps `head` and `tail` characters; what is too short for that is hidden wholly. */
static struct str mask(struct arena *a, struct str s, size_t head, size_t tail)
{
    size_t chars = utf8_len(s);
    bool keep = chars > head + tail;
    struct buf b;
    buf_init(&b, a, s.n + 1);
    size_t at = 0;
    for (size_t i = 0; at < s.n; i++) {
        size_t from = at;
        (void)utf8_next(s, &at);
        if (keep && (i < head || i >= chars - tail)) {
            buf_put(&b, str_sub(s, from, at));
        } else {
            buf_putc(&b, '*');
        }
    }
    return buf_str(&b);
}

struct str ident_mask_rid(struct arena *a, struct str s)
{
    return mask(a, s, 6, 4);
}

struct str ident_mask_phone(struct arena *a, struct str s)
{
    return mask(a, s, 3, 4);
}

struct str ident_mask_name(struct arena *a, struct str s)
{
    return mask(a, s, 1, 0);
}
