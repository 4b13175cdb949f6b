/* QR codes (libqrencode): for letters and, as SVG, for pages. */
#ifndef HUHANG_PRINT_QR_H
#define HUHANG_PRINT_QR_H

#include "base/err.h"

struct qr {
    int width;                    /* modules per side */
    const unsigned char *modules; /* width × width, 1 = dark */
};

/* Level M, byte mode. ERR_INTERNAL when the text is too long (2,331 bytes). */
struct err *qr_make(struct arena *a, struct str text, struct qr *ret) MUST_CHECK;
struct str qr_svg(struct arena *a, const struct qr *q);

#endif
