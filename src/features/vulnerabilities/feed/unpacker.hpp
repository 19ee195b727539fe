// Formats of packed files, each behind the same face.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "base/result.hpp"

namespace opsteward::vuln {

/// The next packed bytes; none at the end. They hold until the next call.
using PackedSource = std::function<Result<std::string_view>()>;

/// Errors are of kInvalidInput with the reason alone, in the words of the library (English); who knows the file's name completes them.
class Unpacker {
  public:
    virtual ~Unpacker() = default;
    /// The next unpacked bytes; none at the end. They hold until the next call. Once it failed, it fails.
    virtual Result<std::string_view> Read() = 0;
};

/// How the first bytes of a file say it is packed; plain when they say nothing. `source` gives the file from its beginning, those bytes as well.
Result<std::unique_ptr<Unpacker>> MakeUnpacker(std::string_view beginning, PackedSource source);

}  // namespace opsteward::vuln
