/* All groups of the catalogue's tests in one program. */
#include "shop.h"

int main(void)
{
    return test_map() + test_material() + test_merge() + test_limit() + test_import() +
           test_survive() + test_publish() + test_portal() + test_guide();
}
