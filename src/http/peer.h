/* Where a request comes from, for limits by address only: it is kept in memory as a keyed hash for
 * an hour, and never logged or stored. */
#ifndef HUHANG_HTTP_PEER_H
#define HUHANG_HTTP_PEER_H

#include "base/arena.h"
#include "base/str.h"

/* "192.0.2.7", "2001:db8:1:2::1", "[2001:db8::1]:80" → one text for each IPv4 address and each IPv6
 * network of 64 bits (what one household or one phone has); none: not an address. */
struct str peer_of_text(struct arena *a, struct str address);
/* The client behind a proxy on this host: the last address of X-Forwarded-For, which the proxy
 * itself added; whatever the client wrote stands before it. `direct` when there is no such header,
 * or when the request did not come from this host. */
struct str peer_of_client(struct arena *a, struct str direct, bool loopback, struct str forwarded);

#endif
