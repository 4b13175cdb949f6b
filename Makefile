# Doors only: each calls a script or meson. See HACKING.md.
.PHONY: run test bench lint fmt clean
run:   ; @tools/run
test:  ; @tools/test
bench: ; @tools/bench
lint:  ; @tools/setup test && tools/lint
fmt:   ; @clang-format-19 -i $$(git ls-files 'src/*.c' 'src/*.h' 'test/*.c' 'test/*.h' 'bench/*.c')
clean: ; @rm -rf build build-* web/dist .tools
