// SHA-256 over many short messages: one context used again is twice as fast as a new one each (docs/benchmarks.md).
#pragma once

#include <memory>
#include <string_view>

#include "crypto/crypto.hpp"

namespace opsteward::crypto {

/// Not for use from two threads at a time.
class Sha256Stream {
  public:
    Sha256Stream();
    ~Sha256Stream();
    Sha256Stream(Sha256Stream&&) noexcept;
    Sha256Stream& operator=(Sha256Stream&&) noexcept;

    /// Begins a new message; what was not finished is forgotten.
    void Begin();
    void Add(std::string_view bytes);
    Digest Finish();

  private:
    struct Context;
    std::unique_ptr<Context> context_;
};

}  // namespace opsteward::crypto
