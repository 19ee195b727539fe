#include "net/event_hub.hpp"

#include <gtest/gtest.h>

#include "net/event_mailbox.hpp"

namespace opsteward::net {
namespace {

/// The frames one subscriber of `channel` is given.
struct Listener {
    std::vector<std::string> frames;
    EventHub::Sink sink() {
        return [this](const std::shared_ptr<const std::string>& frame) { frames.push_back(*frame); };
    }
};

TEST(EventHub, DeliversToTheSubscribersOfTheChannelOnly) {
    EventHub hub;
    Listener jobs;
    Listener others;
    hub.Subscribe("jobs", jobs.sink());
    hub.Subscribe("other", others.sink());
    hub.Publish("jobs", "job", "42");
    EXPECT_EQ(jobs.frames, std::vector<std::string>{"event: job\ndata: 42\n\n"});
    EXPECT_TRUE(others.frames.empty());
}

TEST(EventHub, EachLineOfDataGetsItsField) {
    EventHub hub;
    Listener listener;
    hub.Subscribe("c", listener.sink());
    hub.Publish("c", "e", "a\nb\r\nc\rd\n");
    hub.Publish("c", "", "");
    EXPECT_EQ(listener.frames[0], "event: e\ndata: a\ndata: b\ndata: c\ndata: d\ndata: \n\n");
    EXPECT_EQ(listener.frames[1], "data: \n\n");
}

TEST(EventHub, ANameCannotBeginAnotherField) {
    EventHub hub;
    Listener listener;
    hub.Subscribe("c", listener.sink());
    hub.Publish("c", "e\ndata: x\r\nid: 1", "y");
    EXPECT_EQ(listener.frames[0], "event: edata: xid: 1\ndata: y\n\n");
}

TEST(EventHub, AfterUnsubscribeNothingComes) {
    EventHub hub;
    Listener listener;
    const auto id = hub.Subscribe("c", listener.sink());
    hub.Unsubscribe(id);
    hub.Unsubscribe(id);
    hub.Publish("c", "e", "x");
    EXPECT_TRUE(listener.frames.empty());
}

EventMailbox::Frame MakeFrame(int number) { return std::make_shared<const std::string>(std::to_string(number)); }

TEST(EventMailbox, WakesTheReaderOncePerVisit) {
    EventMailbox mailbox;
    EXPECT_TRUE(mailbox.Put(MakeFrame(1)));
    EXPECT_FALSE(mailbox.Put(MakeFrame(2)));
    const auto frames = mailbox.TakeAll();
    ASSERT_EQ(frames.size(), 2u);
    EXPECT_EQ(*frames[0], "1");
    EXPECT_EQ(*frames[1], "2");
    EXPECT_TRUE(mailbox.Put(MakeFrame(3)));
}

TEST(EventMailbox, HoldsSixtyFourFramesAndOverflowsForGoodWithOneMore) {
    EventMailbox mailbox;
    for (int i = 0; i < 64; ++i) EXPECT_EQ(mailbox.Put(MakeFrame(i)), i == 0);
    EXPECT_FALSE(mailbox.overflowed());
    EXPECT_TRUE(mailbox.Put(MakeFrame(64)));
    EXPECT_TRUE(mailbox.overflowed());
    EXPECT_FALSE(mailbox.Put(MakeFrame(65)));
    EXPECT_TRUE(mailbox.TakeAll().empty());
}

}  // namespace
}  // namespace opsteward::net
