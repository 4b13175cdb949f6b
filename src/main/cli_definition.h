/* huhang definition check [--strict] FILE… | dot KIND [--states|--clocks] | diff A B. */
#ifndef HUHANG_MAIN_CLI_DEFINITION_H
#define HUHANG_MAIN_CLI_DEFINITION_H

/* argv[0] is "definition". `check` prints `file:line:column: Pnnn: what; what to do`, all faults at
 * once, and exits 1 when a file is refused; files stand in for the program's own of the same kind
 * or name. `dot` prints Graphviz of a kind (built in, or a FILE): its states, then its clocks as
 * bars. `diff` compares two kinds or files entry by entry and exits 1 when they differ. */
int cli_definition(int argc, char **argv);

#endif
