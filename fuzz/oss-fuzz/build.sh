#!/bin/bash -eu
# Builds the targets in C, with the compilers, options and folders that OSS-Fuzz sets.

read -r -a compile <<< "$CC ${CFLAGS:-}"
read -r -a link <<< "$CXX ${CXXFLAGS:-}"

SEPTET_IMPLEMENTATION=python PYTHONPATH=src python3 fuzz/rules.py > "$WORK/rules.h"
for target in fuzz/targets/*.c; do
    name=$(basename "$target" .c)
    "${compile[@]}" -Isrc/septet/_kernels/c "-I$WORK" -c "$target" -o "$WORK/$name.o"
    "${link[@]}" "$WORK/$name.o" "$LIB_FUZZING_ENGINE" -o "$OUT/$name"
    find fuzz/corpus fuzz/kept -path "*/$name/*" -exec \
        python3 -m zipfile --create "$OUT/${name}_seed_corpus.zip" {} +
done
