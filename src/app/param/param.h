/* Parameters of procedures over the API: the bureau sees defaults and overrides and sets new ones.
 */
#ifndef HUHANG_APP_PARAM_PARAM_H
#define HUHANG_APP_PARAM_PARAM_H

#include "run/app.h"

extern const struct module param_module;

#endif
