// What a harness holds of every input.
#pragma once

#include <cstdlib>

/// The fuzzer keeps the input with which this ends the program.
inline void Require(bool holds) {
    if (!holds) std::abort();
}
