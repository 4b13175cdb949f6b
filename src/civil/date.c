/* Days and instants.
 *
 * Years are taken to begin in March, so that the leap day is the last of its year and a month's
 * offset is a straight line: (153 m + 2) / 5 for m = 0 (March) … 11 (February). 400 years repeat
 * exactly (146,097 days). For the years people write, 0 to 9999, the way back from a day number is
 * one multiplication for the year and one for the month (as shown by Neri and Schneider, 2021):
 * reading and writing due dates is a hot path, and divisions are what it would consist of. */
#include "civil/date.h"

#include "base/arena.h"
#include "base/check.h"

#include <endian.h>
#include <string.h>

#define DAYS_400Y     146097
#define DAYS_0_1970   719468  /* 0000-03-01 to 1970-01-01 */
#define DAYS_10000Y   3652425 /* 0000-03-01 to 10000-03-01 */
#define FIRST_YEAR    1900
#define LAST_YEAR     2199
#define SECOND_MS     INT64_C(1000)
#define MINUTE_MS     INT64_C(60000)
#define HOUR_MS       INT64_C(3600000)
#define FIRST_PRINTED (-719468) /* 0000-03-01 */
#define LAST_PRINTED  2932896   /* 9999-12-31 */

/* Years 0..9999; the month counts from 1. */
static inline int32_t day_of(int year, int month, int day)
{
    /* January and February belong to the year before; one cycle more keeps year 0 above zero. */
    bool early = month <= 2;
    uint32_t y = (uint32_t)(year + 400 - early);
    uint32_t m = (uint32_t)(early ? month + 9 : month - 3);
    uint32_t days = y * 365 + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5;
    return (int32_t)days + day - 1 - DAYS_400Y - DAYS_0_1970;
}

/* Any year: whole cycles are taken off first. */
static int32_t far_day_of(int64_t year, int month, int day)
{
    int64_t cycle = (year >= 0 ? year : year - 399) / 400;
    return (int32_t)(day_of((int)(year - cycle * 400), month, day) + cycle * DAYS_400Y);
}

int civil_month_days(int year, int month)
{
    if (month == 2) {
        bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        return leap ? 29 : 28;
    }
    /* 31 days in the odd months up to July and in the even ones from August. */
    return 30 + ((month + (month >> 3)) & 1);
}

static inline bool ymd_ok(struct ymd d)
{
    return d.year >= FIRST_YEAR && d.year <= LAST_YEAR && d.month >= 1 && d.month <= 12 &&
           d.day >= 1 && (d.day <= 28 || d.day <= civil_month_days(d.year, d.month));
}

bool civil_ymd_ok(struct ymd d)
{
    return ymd_ok(d);
}

int32_t civil_day(struct ymd d)
{
    CHECK(ymd_ok(d));
    return day_of(d.year, d.month, d.day);
}

/* For days of 0 <= days < DAYS_10000Y since 0000-03-01. */
static inline struct ymd ymd_since_0(uint32_t days)
{
    /* Quarter days make all centuries, and then all years, equally long. */
    uint32_t quarters = 4 * days + 3;
    uint32_t century = quarters / DAYS_400Y;
    uint32_t in_century = quarters % DAYS_400Y | 3;
    /* 2^32 / 1461, rounded up: the high half is the year, the low half the part of it gone by. */
    uint64_t years = (uint64_t)in_century * 2939745;
    uint32_t in_year = (uint32_t)years / 2939745 / 4;
    /* 2^16 / 30.6 days a month; from March = 3 to February = 14. */
    uint32_t months = in_year * 2141 + 197913;
    bool next_year = in_year >= 306; /* January and February */
    int month = (int)(months >> 16);
    return (struct ymd){
        .year = (int)(century * 100 + (uint32_t)(years >> 32)) + next_year,
        .month = next_year ? month - 12 : month,
        .day = (int)((months & 0xFFFF) / 2141) + 1,
    };
}

struct ymd civil_ymd(int32_t day)
{
    int64_t days = (int64_t)day + DAYS_0_1970;
    if (days >= 0 && days < DAYS_10000Y) {
        return ymd_since_0((uint32_t)days);
    }
    int64_t era = (days >= 0 ? days : days - (DAYS_400Y - 1)) / DAYS_400Y;
    struct ymd d = ymd_since_0((uint32_t)(days - era * DAYS_400Y));
    d.year += (int)(era * 400);
    return d;
}

int civil_weekday(int32_t day)
{
    int rest = (int)(((int64_t)day + 3) % 7); /* 1970-01-01 was a Thursday */
    return (rest < 0 ? rest + 7 : rest) + 1;
}

int32_t civil_add_months(int32_t day, int32_t months)
{
    struct ymd d = civil_ymd(day);
    int64_t total = (int64_t)d.year * 12 + (d.month - 1) + months;
    int64_t year = (total >= 0 ? total : total - 11) / 12;
    int month = (int)(total - year * 12) + 1;
    int last = civil_month_days((int)year, month);
    return far_day_of(year, month, d.day < last ? d.day : last);
}

int32_t civil_month_end(int32_t day)
{
    struct ymd d = civil_ymd(day);
    return far_day_of(d.year, d.month, civil_month_days(d.year, d.month));
}

int32_t civil_quarter_end(int32_t day)
{
    struct ymd d = civil_ymd(day);
    int month = (d.month + 2) / 3 * 3;
    return far_day_of(d.year, month, civil_month_days(d.year, month));
}

int32_t civil_year_end(int32_t day)
{
    return far_day_of(civil_ymd(day).year, 12, 31);
}

/* Two digits, or a negative number. */
static int read2(const char *p)
{
    unsigned hi = (unsigned)(unsigned char)p[0] - '0';
    unsigned lo = (unsigned)(unsigned char)p[1] - '0';
    return hi <= 9 && lo <= 9 ? (int)(hi * 10 + lo) : -1;
}

static void write2(char *p, int v)
{
    static const char pairs[] =
        "00010203040506070809101112131415161718192021222324252627282930313233"
        "34353637383940414243444546474849505152535455565758596061626364656667"
        "6869707172737475767778798081828384858687888990919293949596979899";
    memcpy(p, pairs + (size_t)v * 2, 2);
}

/* Little-endian on every machine. */
static uint64_t load4(const char *p)
{
    uint32_t v = 0;
    memcpy(&v, p, sizeof(v));
    return le32toh(v);
}

static uint64_t load2(const char *p)
{
    uint16_t v = 0;
    memcpy(&v, p, sizeof(v));
    return le16toh(v);
}

/* Eight digits at once: adding 0x46 carries into the top bit of a byte above '9', subtracting 0x30
 * borrows into it below '0'. Then the even bytes become the numbers of the four pairs. */
static bool read_pairs(uint64_t v, uint64_t *ret)
{
    uint64_t wrong = (v + UINT64_C(0x4646464646464646)) | (v - UINT64_C(0x3030303030303030));
    v &= UINT64_C(0x0F0F0F0F0F0F0F0F);
    *ret = v * 10 + (v >> 8);
    return (wrong & UINT64_C(0x8080808080808080)) == 0;
}

bool civil_parse(struct str s, int32_t *ret_day)
{
    if (s.n != 10 || s.p[4] != '-' || s.p[7] != '-') {
        return false;
    }
    uint64_t pairs = 0;
    if (!read_pairs(load4(s.p) | load2(s.p + 5) << 32 | load2(s.p + 8) << 48, &pairs)) {
        return false;
    }
    struct ymd d = {
        .year = (int)(pairs & 0xFF) * 100 + (int)(pairs >> 16 & 0xFF),
        .month = (int)(pairs >> 32 & 0xFF),
        .day = (int)(pairs >> 48 & 0xFF),
    };
    if (!ymd_ok(d)) {
        return false;
    }
    *ret_day = day_of(d.year, d.month, d.day);
    return true;
}

static bool printable(int32_t day)
{
    return day >= FIRST_PRINTED && day <= LAST_PRINTED;
}

void civil_format(int32_t day, char ret[11])
{
    CHECK(printable(day));
    struct ymd d = ymd_since_0((uint32_t)(day + DAYS_0_1970));
    write2(ret, d.year / 100);
    write2(ret + 2, d.year % 100);
    ret[4] = '-';
    write2(ret + 5, d.month);
    ret[7] = '-';
    write2(ret + 8, d.day);
    ret[10] = '\0';
}

struct str civil_text(struct arena *a, int32_t day)
{
    if (!printable(day)) {
        return STR_NONE;
    }
    char text[11];
    civil_format(day, text);
    return str_dup(a, (struct str){text, 10});
}

struct str civil_text_zh(struct arena *a, int32_t day)
{
    if (!printable(day)) {
        return STR_NONE;
    }
    struct ymd d = civil_ymd(day);
    return str_fmt(a, "%d年%d月%d日", d.year, d.month, d.day);
}

int32_t civil_day_of(int64_t instant_ms)
{
    int64_t whole = instant_ms / CIVIL_DAY_MS;
    /* Split before adding the offset, so that the ends of int64 do not overflow. */
    int64_t rest = instant_ms % CIVIL_DAY_MS + CIVIL_OFFSET_MS;
    int64_t day = whole + (rest >= 0 ? rest : rest - (CIVIL_DAY_MS - 1)) / CIVIL_DAY_MS;
    /* CIVIL_NEVER lies beyond int32 days. */
    return day > INT32_MAX ? INT32_MAX : day < -INT32_MAX ? -INT32_MAX : (int32_t)day;
}

int64_t civil_day_start(int32_t day)
{
    return (int64_t)day * CIVIL_DAY_MS - CIVIL_OFFSET_MS;
}

int64_t civil_day_end(int32_t day)
{
    return civil_day_start(day) + CIVIL_DAY_MS;
}

int civil_minute_of_day(int64_t instant_ms)
{
    int64_t rest = (instant_ms % CIVIL_DAY_MS + CIVIL_OFFSET_MS) % CIVIL_DAY_MS;
    return (int)((rest < 0 ? rest + CIVIL_DAY_MS : rest) / MINUTE_MS);
}

/* Reads ".5", ".123456789" at *at; leaves *at where it was when there is none. */
static bool read_fraction(struct str s, size_t *at, int64_t *ret_ms)
{
    *ret_ms = 0;
    if (*at >= s.n || s.p[*at] != '.') {
        return true;
    }
    size_t from = *at + 1;
    size_t i = from;
    int64_t scale = 100;
    for (; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++) {
        *ret_ms += (s.p[i] - '0') * scale;
        scale /= 10;
    }
    *at = i;
    return i > from && i - from <= 9;
}

/* Reads the rest of the text as Z or +08:00. */
static bool read_offset(struct str rest, int64_t *ret_ms)
{
    *ret_ms = 0;
    if (rest.n == 1) {
        return rest.p[0] == 'Z' || rest.p[0] == 'z';
    }
    if (rest.n != 6 || (rest.p[0] != '+' && rest.p[0] != '-') || rest.p[3] != ':') {
        return false;
    }
    int hour = read2(rest.p + 1);
    int minute = read2(rest.p + 4);
    int64_t ms = hour * HOUR_MS + minute * MINUTE_MS;
    *ret_ms = rest.p[0] == '-' ? -ms : ms;
    return hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59;
}

bool civil_instant_parse(struct str s, int64_t *ret_ms)
{
    int32_t day = 0;
    if (s.n < 20 || !civil_parse(str_sub(s, 0, 10), &day) || (s.p[10] != 'T' && s.p[10] != 't') ||
        s.p[13] != ':' || s.p[16] != ':') {
        return false;
    }
    int hour = read2(s.p + 11);
    int minute = read2(s.p + 14);
    int second = read2(s.p + 17);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
        return false;
    }
    size_t at = 19;
    int64_t fraction = 0;
    int64_t offset = 0;
    if (!read_fraction(s, &at, &fraction) || !read_offset(str_sub(s, at, s.n), &offset)) {
        return false;
    }
    *ret_ms = day * CIVIL_DAY_MS + hour * HOUR_MS + minute * MINUTE_MS + second * SECOND_MS +
              fraction - offset;
    return true;
}

struct str civil_instant_text(struct arena *a, int64_t ms)
{
    int32_t day = civil_day_of(ms);
    if (!printable(day)) {
        return STR_NONE;
    }
    int64_t rest = ms - civil_day_start(day);
    char text[] = "0000-00-00T00:00:00.000+08:00";
    civil_format(day, text);
    text[10] = 'T'; /* over the NUL of the date */
    write2(text + 11, (int)(rest / HOUR_MS));
    write2(text + 14, (int)(rest % HOUR_MS / MINUTE_MS));
    write2(text + 17, (int)(rest % MINUTE_MS / SECOND_MS));
    int milli = (int)(rest % SECOND_MS);
    text[20] = (char)('0' + milli / 100);
    write2(text + 21, milli % 100);
    return str_dup(a, (struct str){text, sizeof(text) - 1});
}
