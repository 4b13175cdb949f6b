/* Replies that handlers write by hand: their shapes are schemas/NAME.json, which become
 * #/components/schemas/NAME of the contract. The API tests check every real reply against them. */
#ifndef HUHANG_RUN_SCHEMAS_H
#define HUHANG_RUN_SCHEMAS_H

#include "base/embed.h"

extern const struct embed_file embed_schemas[];
extern const size_t embed_schemas_n;

#define SCHEMA_OF(name) "{\"$ref\":\"#/components/schemas/" name "\"}"
/* {"rows": […], "next": cursor or null} */
#define SCHEMA_ROWS_OF(name)                                                                       \
    "{\"type\":\"object\",\"required\":[\"rows\"],\"properties\":{\"rows\":{\"type\":\"array\","   \
    "\"items\":" SCHEMA_OF(name) "},\"next\":{\"type\":[\"string\",\"null\"]}}}"

#endif
