/* limits sql FILE SECONDS BATCH ROWS | limits http (limits.h). */
#include "limits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "http") == 0) {
        return limit_http();
    }
    if (argc == 6 && strcmp(argv[1], "sql") == 0) {
        return limit_sql(argv[2], strtod(argv[3], NULL), (int)strtod(argv[4], NULL),
                         (long)strtod(argv[5], NULL));
    }
    (void)fputs("usage: limits sql FILE SECONDS BATCH ROWS | limits http\n", stderr);
    return 2;
}
