// What every test of the running server needs: plain HTTP on a free loopback port with a handler.
#pragma once

#include <gtest/gtest.h>

#include <utility>

#include "net/server.hpp"
#include "net/test_client.hpp"

namespace opsteward::net::testing {

inline ServerOptions LoopbackOptions(ServerLimits limits = {}) {
    ServerOptions options;
    options.listen = {"127.0.0.1", 0};
    options.limits = limits;
    return options;
}

/// Precondition: the start succeeds, else the test process ends with the reason.
inline std::unique_ptr<Server> StartServer(ServerOptions options, Server::Handler handler,
                                           std::shared_ptr<EventHub> events = nullptr) {
    auto started = Server::Start(std::move(options), std::move(handler), std::move(events));
    if (!started) ADD_FAILURE() << started.error().operator_text;
    return std::move(started).value();
}

inline TestClient Connect(const Server& server, int receive_buffer_bytes = 0) {
    return TestClient(server.local_endpoint().port, receive_buffer_bytes);
}

/// Answers with method, path and body of the request.
inline Response Echo(const Request& request) {
    return Response::PlainText(std::string(MethodName(request.method)) + " " + request.path + " " + request.body);
}

}  // namespace opsteward::net::testing
