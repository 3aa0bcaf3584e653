/*
 * since.c: dates, and days and weeks ago.
 */
#include "since.h"

#include "units.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static bool parse_date(const char *text, int64_t *out)
{
    struct tm date = {0};
    const char *rest = strptime(text, "%Y-%m-%d", &date);
    if (rest != NULL && (*rest == 'T' || *rest == ' '))
        rest = strptime(rest + 1, "%H:%M:%S", &date);
    if (rest == NULL || (*rest != '\0' && strcmp(rest, "Z") != 0))
        return false;
    *out = (int64_t)timegm(&date);
    return true;
}

/* Days and weeks, which no other option takes. */
static bool parse_days(const char *text, int64_t *seconds)
{
    enum { MOST = 100000, DAY = 24 * 60 * 60 };
    char *end;
    if (text[0] < '0' || text[0] > '9')
        return false;
    unsigned long count = strtoul(text, &end, 10);
    bool is_unit = (end[0] == 'd' || end[0] == 'w') && end[1] == '\0';
    *seconds = (int64_t)count * DAY * (end[0] == 'w' ? 7 : 1);
    return is_unit && count <= MOST;
}

bool silt_since_parse(const char *text, int64_t now, int64_t *out)
{
    uint64_t ms;
    int64_t seconds;
    if (parse_date(text, out))
        return true;
    if (parse_days(text, &seconds))
        *out = now - seconds;
    else if (silt_units_parse_duration(text, &ms) && ms > 0)
        *out = now - (int64_t)(ms / 1000);
    else
        return false;
    return true;
}
