# How a module, its tests and its fuzz harnesses become targets. Sources are always listed by name.

add_library(ops_options INTERFACE)
target_include_directories(ops_options INTERFACE ${CMAKE_SOURCE_DIR}/src ${CMAKE_BINARY_DIR}/generated)
# _GLIBCXX_ASSERTIONS: reading past a container's end or an empty optional ends the program there and then, in what ships as in tests.
target_compile_definitions(ops_options INTERFACE SPDLOG_COMPILED_LIB SPDLOG_FMT_EXTERNAL _GLIBCXX_ASSERTIONS)
target_compile_options(ops_options INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wunused -Werror
    -fstack-protector-strong)
target_link_options(ops_options INTERFACE -Wl,-z,relro,-z,now)
# What ships is optimised and fortified; tests are compiled once and run once, so they are not optimised.
set(ops_shipped_options $<$<CONFIG:Release>:-D_FORTIFY_SOURCE=2>)
set(ops_test_options -O0)
# For rooms that use std::stable_sort: it calls what libstdc++ 12 itself declares deprecated, and clang reports that where it is instantiated.
set(ops_stable_sort_options $<$<CXX_COMPILER_ID:Clang>:-Wno-deprecated-declarations>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    target_compile_options(ops_options INTERFACE -Wthread-safety)
    add_link_options(-fuse-ld=lld-19)
endif()
if(OPSTEWARD_SANITIZE)
    add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
    add_link_options(-fsanitize=address,undefined)
endif()
if(OPSTEWARD_FUZZ)
    add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# One precompiled header for all modules, one for all tests.
file(WRITE ${CMAKE_BINARY_DIR}/generated/ops_pch.cpp "")
add_library(ops_pch STATIC ${CMAKE_BINARY_DIR}/generated/ops_pch.cpp)
target_link_libraries(ops_pch PUBLIC ops_options Boost::json fmt::fmt spdlog::spdlog)
target_compile_options(ops_pch PRIVATE ${ops_shipped_options})
target_precompile_headers(ops_pch PRIVATE
    <algorithm> <chrono> <cstdint> <filesystem> <functional> <map> <memory> <optional> <span> <string> <string_view>
    <variant> <vector> <boost/json.hpp> <fmt/format.h>)

# ops_module(base SOURCES a.cpp … LINK ops_x …): a static library ops_base.
function(ops_module name)
    cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
    add_library(ops_${name} STATIC ${ARG_SOURCES})
    target_link_libraries(ops_${name} PUBLIC ops_options Boost::json fmt::fmt spdlog::spdlog ${ARG_LINK})
    target_compile_options(ops_${name} PRIVATE ${ops_shipped_options})
    target_precompile_headers(ops_${name} REUSE_FROM ops_pch)
endfunction()

if(OPSTEWARD_TESTS)
    add_library(ops_test_pch STATIC ${CMAKE_BINARY_DIR}/generated/ops_pch.cpp)
    target_link_libraries(ops_test_pch PUBLIC ops_options Boost::json fmt::fmt spdlog::spdlog GTest::gmock)
    target_compile_options(ops_test_pch PRIVATE ${ops_test_options})
    target_precompile_headers(ops_test_pch PRIVATE
        <algorithm> <chrono> <cstdint> <filesystem> <functional> <map> <memory> <optional> <span> <string>
        <string_view> <variant> <vector> <boost/json.hpp> <fmt/format.h> <gmock/gmock.h> <gtest/gtest.h>)
endif()

# ops_test(base SOURCES a_test.cpp … LINK ops_base): an executable base_test, run by CTest as one test per file's suite.
function(ops_test name)
    if(NOT OPSTEWARD_TESTS)
        return()
    endif()
    cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
    add_executable(${name}_test ${ARG_SOURCES})
    target_link_libraries(${name}_test PRIVATE ops_options ${ARG_LINK} GTest::gmock GTest::gtest_main)
    target_compile_options(${name}_test PRIVATE ${ops_test_options})
    target_precompile_headers(${name}_test REUSE_FROM ops_test_pch)
    target_compile_definitions(${name}_test PRIVATE OPSTEWARD_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    add_test(NAME ${name} COMMAND ${name}_test --gtest_brief=1)
    set_tests_properties(${name} PROPERTIES TIMEOUT 900)
endfunction()
