/* All groups; each case has an office of its own. */
#include "desk.h"

int main(void)
{
    return test_session() + test_people() + test_roles() + test_office() + test_cache();
}
