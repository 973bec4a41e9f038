#include "tests/simulation/rest_client.h"

#include <openssl/sha.h>

#include <array>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <cmath>
#include <utility>

namespace teraju::simulation {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

std::int64_t Seconds() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

const json::value* Find(const json::value& body, std::string_view pointer) {
  boost::system::error_code error;
  return body.find_pointer(pointer, error);
}

}  // namespace

std::string Answer::Text(std::string_view pointer) const {
  const json::value* found = Find(body, pointer);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

std::int64_t Answer::Number(std::string_view pointer) const {
  const json::value* found = Find(body, pointer);
  if (found == nullptr) return 0;
  if (found->is_int64()) return found->get_int64();
  if (found->is_string()) return std::strtoll(found->get_string().c_str(), nullptr, 10);
  return 0;
}

struct RestClient::Connection {
  std::string host;
  std::string port;
  asio::io_context io;
  std::unique_ptr<beast::tcp_stream> stream;
  beast::flat_buffer buffer;

  void Open() {
    stream = std::make_unique<beast::tcp_stream>(io);
    asio::ip::tcp::resolver resolver(io);
    stream->connect(resolver.resolve(host, port));
    stream->socket().set_option(asio::ip::tcp::no_delay(true));
    buffer.clear();
  }

  http::response<http::string_body> Exchange(const http::request<http::string_body>& request) {
    http::response_parser<http::string_body> parser;
    parser.body_limit(64 << 20);
    http::write(*stream, request);
    http::read(*stream, buffer, parser);
    return parser.release();
  }
};

RestClient::RestClient(std::string host, std::string port, Tally& tally)
    : connection_(std::make_unique<Connection>()), tally_(tally) {
  connection_->host = std::move(host);
  connection_->port = std::move(port);
}

RestClient::~RestClient() = default;

Answer RestClient::Send(const std::string& verb,
                        Caller* caller,
                        const std::string& path,
                        const std::string& type,
                        const std::string& body) {
  if (caller != nullptr && caller->expires_at - Seconds() < 60) Refresh(*caller);
  http::request<http::string_body> request(http::string_to_verb(verb), path, 11);
  request.set(http::field::host, connection_->host + ":" + connection_->port);
  request.set(http::field::accept_language, "en");
  if (caller != nullptr) {
    request.set(http::field::authorization, "Bearer " + caller->access_token);
    if (!caller->on_behalf_of.empty()) request.set("X-Teraju-On-Behalf-Of", caller->on_behalf_of);
  }
  if (!type.empty()) request.set(http::field::content_type, type);
  request.body() = body;
  request.prepare_payload();
  // A connection that the server closed while idle is opened again; every write carries a request
  // id or is otherwise safe to repeat.
  for (int attempt = 0;; ++attempt) {
    try {
      if (connection_->stream == nullptr) connection_->Open();
      auto response = connection_->Exchange(request);
      if (!response.keep_alive()) connection_->stream.reset();
      tally_.calls.fetch_add(1, std::memory_order_relaxed);
      Answer answer{static_cast<int>(response.result_int()), nullptr};
      boost::system::error_code error;
      if (!response.body().empty()) answer.body = json::parse(response.body(), error);
      if (error) answer.body = json::string(response.body());
      return answer;
    } catch (const boost::system::system_error&) {
      connection_->stream.reset();
      if (attempt == 3) throw;
    }
  }
}

Answer RestClient::Until(std::chrono::seconds patience,
                         const std::function<Answer()>& send,
                         const std::function<bool(const Answer&)>& done) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  Answer answer = send();
  while (!done(answer) && std::chrono::steady_clock::now() < deadline) {
    asio::steady_timer(connection_->io, std::chrono::milliseconds(50)).wait();
    answer = send();
  }
  return answer;
}

Answer RestClient::Insist(const std::string& verb,
                          Caller* caller,
                          const std::string& path,
                          const std::string& type,
                          const std::string& body) {
  return Expect(verb,
                path,
                Until(
                    std::chrono::seconds(5),
                    [&] { return Send(verb, caller, path, type, body); },
                    [&](const Answer& answer) {
                      const bool away = answer.status == 503;
                      tally_.repeats.fetch_add(away ? 1 : 0, std::memory_order_relaxed);
                      return !away;
                    }));
}

Answer RestClient::Expect(const std::string& verb, const std::string& path, Answer answer) {
  if (answer.ok()) return answer;
  tally_.errors.fetch_add(1, std::memory_order_relaxed);
  throw UnexpectedAnswer(verb + " " + path + ": " + std::to_string(answer.status) + " " +
                         json::serialize(answer.body));
}

Answer RestClient::Get(Caller* caller, const std::string& path) {
  return Insist("GET", caller, path, "", "");
}

Answer RestClient::Post(Caller* caller, const std::string& path, const json::value& body) {
  return Insist("POST", caller, path, "application/json", json::serialize(body));
}

Answer RestClient::Patch(Caller* caller, const std::string& path, const json::value& body) {
  return Insist("PATCH", caller, path, "application/json", json::serialize(body));
}

Answer RestClient::PostForm(const std::string& path, const std::string& form) {
  return Insist("POST", nullptr, path, "application/x-www-form-urlencoded", form);
}

Answer RestClient::Upload(Caller* caller,
                          const std::string& path,
                          const std::string& type,
                          const std::string& content) {
  return Insist("POST", caller, path, type, content);
}

Answer RestClient::Try(const std::string& verb,
                       Caller* caller,
                       const std::string& path,
                       const json::value& body) {
  const bool bare = verb == "GET" || verb == "DELETE";
  return Send(
      verb, caller, path, bare ? "" : "application/json", bare ? "" : json::serialize(body));
}

void RestClient::Refresh(Caller& caller) {
  Answer answer;
  if (!caller.client_id.empty()) {
    answer = PostForm("/oauth2/token",
                      "grant_type=client_credentials&client_id=" + caller.client_id +
                          "&client_secret=" + caller.client_secret);
    caller.access_token = answer.Text("/access_token");
    caller.expires_at = Seconds() + answer.Number("/expires_in");
    return;
  }
  answer = Post(nullptr, "/v1/sessions:refresh", {{"refreshToken", caller.refresh_token}});
  caller.access_token = answer.Text("/accessToken");
  caller.refresh_token = answer.Text("/refreshToken");
  caller.expires_at = Seconds() + 600;
}

void RestClient::WaitFor(Caller* caller, const std::string& path) {
  Expect("GET",
         path,
         Until(
             std::chrono::seconds(10),
             [&] { return Send("GET", caller, path, "", ""); },
             [](const Answer& answer) { return answer.ok(); }));
}

json::value RestClient::Wait(Caller* caller, const json::value& operation, void (*progress)(int)) {
  const std::string name(operation.at("name").as_string());
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(15);
  for (;;) {
    const Answer answer = Get(caller, "/v1/" + name);
    const json::object& now = answer.body.as_object();
    if (progress != nullptr) progress(static_cast<int>(answer.Number("/metadata/percent")));
    if (const json::value* done = now.if_contains("done"); done != nullptr && done->as_bool()) {
      if (const json::value* error = now.if_contains("error")) {
        throw UnexpectedAnswer(name + ": " + json::serialize(*error));
      }
      return now.contains("response") ? now.at("response") : json::value(json::object());
    }
    if (std::chrono::steady_clock::now() > deadline)
      throw UnexpectedAnswer(name + ": not done in time");
    asio::steady_timer(connection_->io, std::chrono::milliseconds(100)).wait();
  }
}

json::array RestClient::List(Caller* caller, const std::string& path, std::string_view field) {
  json::array all;
  std::string token;
  const char separator = path.find('?') == std::string::npos ? '?' : '&';
  do {
    const Answer page = Get(
        caller, path + separator + "pageSize=1000" + (token.empty() ? "" : "&pageToken=" + token));
    if (const json::value* items = page.body.as_object().if_contains(field)) {
      for (const json::value& item : items->as_array()) all.push_back(item);
    }
    token = page.Text("/nextPageToken");
  } while (!token.empty());
  return all;
}

std::string TextOf(const json::value& value, std::string_view field) {
  const json::value* found = value.as_object().if_contains(field);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

bool FlagOf(const json::value& value, std::string_view field) {
  const json::value* found = value.as_object().if_contains(field);
  return found != nullptr && found->is_bool() && found->get_bool();
}

std::int64_t NumberOf(const json::value& value, std::string_view field) {
  const json::value* found = value.as_object().if_contains(field);
  if (found == nullptr) return 0;
  return found->is_string() ? std::stoll(std::string(found->get_string()))
                            : found->to_number<std::int64_t>();
}

double DecimalOf(const json::value& value, std::string_view field) {
  const json::value* found = value.as_object().if_contains(field);
  return found == nullptr ? std::nan("") : std::stod(TextOf(*found, "value"));
}

json::value ObjectOf(const json::value& value, std::string_view field) {
  const json::value* found = value.as_object().if_contains(field);
  return found == nullptr ? json::value(json::object()) : *found;
}

json::array ArrayOf(const json::value& value, std::string_view field) {
  const json::value* found = value.as_object().if_contains(field);
  return found == nullptr ? json::array() : found->as_array();
}

std::string RequestId(std::string_view seed, std::string_view words) {
  const std::string text = std::string(seed) + "\n" + std::string(words);
  std::array<unsigned char, SHA256_DIGEST_LENGTH> hash;
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), hash.data());
  hash[6] = static_cast<unsigned char>((hash[6] & 0x0F) | 0x40);  // version 4 in form
  hash[8] = static_cast<unsigned char>((hash[8] & 0x3F) | 0x80);
  static constexpr char kHex[] = "0123456789abcdef";
  std::string id;
  for (int i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) id += '-';
    id += kHex[hash[i] >> 4];
    id += kHex[hash[i] & 15];
  }
  return id;
}

}  // namespace teraju::simulation
