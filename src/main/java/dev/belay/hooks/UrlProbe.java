package dev.belay.hooks;

import dev.belay.config.Masking;
import dev.belay.core.Units;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Asks a URL whether the application is well. Reads little of the answer, and stays at the host.
 */
final class UrlProbe {
  private static final int MOST_BYTES = 64 * 1024;
  private static final int MOST_HOPS = 5;

  private final HttpClient client =
      HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();

  /** What is not well; empty: nothing. The caller limits the time as a whole. */
  Optional<String> ask(HealthCheck check) throws InterruptedException {
    URI first = URI.create(check.what());
    URI next = first;
    try {
      for (int hop = 0; hop < MOST_HOPS; hop++) {
        HttpResponse<InputStream> response = send(next, first, check.timeout());
        try (InputStream body = response.body()) {
          int status = response.statusCode();
          Optional<String> location = response.headers().firstValue("location");
          if (status < 300 || status > 399 || status == 304 || location.isEmpty()) {
            return judge(status, body, check.expect());
          }
          URI target = next.resolve(location.get());
          if (!staysThere(next, target)) {
            return Optional.of("status %d, which leads to another host".formatted(status));
          }
          next = target;
        }
      }
      return Optional.of("more than %d redirections".formatted(MOST_HOPS));
    } catch (IOException | IllegalArgumentException broken) {
      return Optional.of(reason(check, broken));
    }
  }

  private HttpResponse<InputStream> send(URI uri, URI first, Duration timeout)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(withoutUser(uri)).timeout(timeout).header("User-Agent", "belay");
    String user = first.getUserInfo();
    if (user != null) {
      byte[] bytes = user.getBytes(StandardCharsets.UTF_8);
      request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(bytes));
    }
    return client.send(request.GET().build(), HttpResponse.BodyHandlers.ofInputStream());
  }

  /** The client sends no user of itself, and would refuse the form. */
  private static URI withoutUser(URI uri) {
    String raw = uri.toString();
    String user = uri.getRawUserInfo();
    return user == null ? uri : URI.create(raw.replaceFirst(Pattern.quote(user + "@"), ""));
  }

  /** The same host, and never from an encrypted connection to an open one. */
  private static boolean staysThere(URI from, URI to) {
    boolean sameHost = from.getHost() != null && from.getHost().equalsIgnoreCase(to.getHost());
    boolean samePort = port(from) == port(to);
    boolean upgrade =
        "http".equalsIgnoreCase(from.getScheme()) && "https".equalsIgnoreCase(to.getScheme());
    boolean sameScheme = from.getScheme().equalsIgnoreCase(to.getScheme());
    return sameHost && ((sameScheme && samePort) || upgrade);
  }

  private static int port(URI uri) {
    return uri.getPort() >= 0
        ? uri.getPort()
        : "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
  }

  private static Optional<String> judge(int status, InputStream body, Optional<String> expect)
      throws IOException {
    if (status < 200 || status > 299) {
      return Optional.of("status " + status);
    }
    if (expect.isEmpty()) {
      return Optional.empty();
    }
    String text = new String(body.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
    return text.contains(expect.get())
        ? Optional.empty()
        : Optional.of("status %d without '%s' in its answer".formatted(status, expect.get()));
  }

  private static String reason(HealthCheck check, Exception broken) {
    return switch (broken.getClass().getSimpleName()) {
      case "HttpTimeoutException", "HttpConnectTimeoutException" ->
          "no answer within " + Units.duration(check.timeout());
      case "ConnectException" -> "no connection";
      case "UnresolvedAddressException" -> "the host name is not known";
      default -> message(broken);
    };
  }

  private static String message(Exception broken) {
    @Nullable String message = broken.getMessage();
    return message == null ? broken.getClass().getSimpleName() : Masking.text(message);
  }
}
