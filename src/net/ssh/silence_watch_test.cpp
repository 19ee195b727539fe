// Who asks and gets no answer is let go of.
#include "net/ssh/silence_watch.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

namespace opsteward::net {
namespace {

/// One end of a line whose other end says nothing.
class SilentLine {
  public:
    SilentLine() { EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends_.data()), 0); }
    ~SilentLine() {
        for (const int end : ends_) ::close(end);
    }
    SilentLine(const SilentLine&) = delete;
    SilentLine& operator=(const SilentLine&) = delete;

    int end() const { return ends_[0]; }

  private:
    std::array<int, 2> ends_{};
};

TEST(SilenceWatch, EndsTheConnectionOfWhoWaitsForAnAnswer) {
    const SilentLine line;
    SilenceWatch watch(line.end(), std::chrono::seconds(1));
    const SilenceWatch::Question question(watch);
    char answer = 0;
    EXPECT_EQ(::read(line.end(), &answer, 1), 0) << "the end of the line, where it would wait for ever";
    EXPECT_TRUE(watch.has_ended());
}

TEST(SilenceWatch, LeavesALineAloneWhoseQuestionsWereAnsweredAndIsGoneAtOnce) {
    const SilentLine line;
    {
        SilenceWatch watch(line.end(), std::chrono::hours(1));
        for (int i = 0; i < 3; ++i) const SilenceWatch::Question question(watch);
        EXPECT_FALSE(watch.has_ended());
    }
    EXPECT_EQ(::write(line.end(), "?", 1), 1);
}

}  // namespace
}  // namespace opsteward::net
