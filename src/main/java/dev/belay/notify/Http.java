package dev.belay.notify;

import dev.belay.core.Units;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Posts over HTTP. Redirections are not followed, since they would take secrets elsewhere; a
 * success is one as soon as its first line is there, whatever drips after it; of anything else only
 * a few bytes are read. What goes wrong is said in Belay's own words.
 *
 * @param rootCert the certificates to trust in place of Java's
 * @param proxy over which to go
 */
record Http(Optional<Path> rootCert, Optional<URI> proxy) {
  private static final int ANSWER_BYTES = 2048;

  /**
   * What is posted, made anew for each try.
   *
   * @param headers by name
   */
  record Post(URI url, Map<String, String> headers, String body) {}

  /**
   * Posts until it is accepted.
   *
   * @throws Undelivered when it was not
   */
  void post(Supplier<Post> post, Effort effort) {
    effort.run(
        time -> {
          once(post.get(), time);
          return true;
        });
  }

  private void once(Post post, Duration time) {
    String host = host(post.url());
    HttpRequest.Builder request =
        HttpRequest.newBuilder(post.url())
            .timeout(time)
            .header("User-Agent", "belay")
            .POST(HttpRequest.BodyPublishers.ofString(post.body()));
    post.headers().forEach(request::setHeader);
    CompletableFuture<HttpResponse<String>> answer =
        client(time)
            .sendAsync(request.build(), head -> new FirstBytes(head.statusCode(), ANSWER_BYTES));
    try {
      judge(answer.get(time.toMillis() + 1, TimeUnit.MILLISECONDS), host);
    } catch (TimeoutException silent) {
      throw silent(host, time);
    } catch (ExecutionException broken) {
      throw undelivered(broken.getCause(), host, time);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw Undelivered.forGood("belay is being ended");
    } finally {
      answer.cancel(true);
    }
  }

  private HttpClient client(Duration time) {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(time);
    rootCert.ifPresent(file -> builder.sslContext(Trust.context(file)));
    proxy.ifPresent(
        via ->
            builder.proxy(
                ProxySelector.of(
                    new InetSocketAddress(via.getHost(), via.getPort() < 0 ? 80 : via.getPort()))));
    return builder.build();
  }

  private static void judge(HttpResponse<String> response, String host) {
    int status = response.statusCode();
    if (status >= 200 && status < 300) {
      return;
    }
    // Cut only where secrets were taken out of it: see Delivery.
    String said = Composer.whole(response.body());
    String what = "%s answers %d%s".formatted(host, status, said.isEmpty() ? "" : ": " + said);
    if (status >= 500 || status == 408 || status == 429) {
      throw Undelivered.forNow(what, after(response.headers().firstValue("Retry-After")));
    }
    if (status >= 300 && status < 400) {
      throw Undelivered.forGood(
          host + " answers " + status + " and sends elsewhere, which is not followed");
    }
    throw Undelivered.forGood(what);
  }

  /** In seconds, or as a date. */
  static Optional<Duration> after(Optional<String> header) {
    return header.map(String::strip).flatMap(Http::parsed).map(Http::notNegative);
  }

  private static Optional<Duration> parsed(String text) {
    if (text.matches("\\d{1,9}")) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
    }
    try {
      Instant then = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return Optional.of(Duration.between(Instant.now(), then));
    } catch (DateTimeException neither) {
      return Optional.empty();
    }
  }

  private static Duration notNegative(Duration duration) {
    return duration.isNegative() ? Duration.ZERO : duration;
  }

  private static Undelivered silent(String host, Duration time) {
    return Undelivered.forNow("no answer from " + host + " within " + Units.duration(time));
  }

  /** The exceptions' own texts may hold the whole URL; only those of TLS are passed on. */
  private static Undelivered undelivered(@Nullable Throwable broken, String host, Duration time) {
    for (Throwable cause = broken; cause != null; cause = cause.getCause()) {
      if (cause instanceof Undelivered known) {
        return known;
      }
      if (cause instanceof UnresolvedAddressException) {
        return Undelivered.forNow("the host " + host + " is not known");
      }
      if (cause instanceof SSLException tls) {
        return Undelivered.forGood(
            "TLS with " + host + " fails: " + Composer.whole(String.valueOf(tls.getMessage())));
      }
      if (cause instanceof HttpTimeoutException) {
        return silent(host, time);
      }
    }
    if (broken instanceof java.net.ConnectException) {
      return Undelivered.forNow(host + " refuses the connection");
    }
    return broken instanceof IOException
        ? Undelivered.forNow(host + " broke the connection off")
        : Undelivered.forGood("a request to " + host + " cannot be made (" + name(broken) + ")");
  }

  private static String name(@Nullable Throwable broken) {
    return broken == null ? "unknown" : broken.getClass().getSimpleName();
  }

  /** An address below another, whose own path stays. */
  static URI under(URI base, String path) {
    return URI.create(base.toString().replaceAll("/+$", "") + path);
  }

  /** The host, with its port where that is not the usual one. */
  static String host(URI url) {
    String host = String.valueOf(url.getHost()).toLowerCase(Locale.ROOT);
    return url.getPort() < 0 ? host : host + ":" + url.getPort();
  }
}
