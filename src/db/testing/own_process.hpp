// What only a process of its own can try: it may not write more, or its disk is full.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

namespace opsteward::db::testing {

/// Forks; `body` gives the exit code.
int InAProcessOfItsOwn(const std::function<int()>& body);

/// Puts an empty file system of so many bytes in the place of a folder, for this process alone, which has one thread. False where that is not allowed.
bool MountSmallDisk(const std::filesystem::path& point, std::uint64_t bytes);

}  // namespace opsteward::db::testing
