#include "run/app.h"
