package dev.belay.watch;

import dev.belay.cli.Progress;
import dev.belay.core.Failure;
import dev.belay.core.Secret;
import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A sign of life for somebody else, who notices when it does not come any more: that something is
 * wrong, or that the watch itself is dead.
 */
final class Heartbeat {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private final Optional<Path> file;
  private final Optional<Secret> url;
  private final long everyNanos;
  private final Progress progress;
  private final AtomicBoolean fileTold = new AtomicBoolean();
  private final AtomicBoolean urlTold = new AtomicBoolean();
  private @Nullable HttpClient client;
  private @Nullable CompletableFuture<?> asked;
  private long askedAt;

  Heartbeat(Optional<Path> file, Optional<Secret> url, Duration every, Progress progress) {
    this.file = file;
    this.url = url;
    this.everyNanos = every.toNanos();
    this.progress = progress;
  }

  /**
   * Sees to it that the file can be written.
   *
   * @throws Failure UNAVAILABLE when it cannot
   */
  void check() {
    if (file.isPresent()) {
      try {
        touch(file.get());
      } catch (IOException cannot) {
        throw Failure.unavailable(
                "cannot write the heartbeat file %s: %s".formatted(file.get(), cannot.getMessage()),
                "name a file that you may write to with --heartbeat-file")
            .causedBy(cannot);
      }
    }
  }

  /** All is well at that moment. Never waits, never throws. */
  void beat(long now) {
    file.ifPresent(this::write);
    CompletableFuture<?> before = asked;
    boolean due = before == null || (before.isDone() && now - askedAt >= everyNanos);
    if (url.isPresent() && due) {
      askedAt = now;
      asked = ask(url.get());
    }
  }

  private void write(Path there) {
    try {
      touch(there);
      fileTold.set(false);
    } catch (IOException cannot) {
      tell(fileTold, "the heartbeat file cannot be written: " + cannot.getMessage());
    }
  }

  private static void touch(Path there) throws IOException {
    Files.writeString(there, Instant.now() + "\n", StandardCharsets.US_ASCII);
  }

  private CompletableFuture<?> ask(Secret address) {
    HttpClient known = client;
    if (known == null) {
      known =
          HttpClient.newBuilder().connectTimeout(LIMIT).proxy(ProxySelector.getDefault()).build();
      client = known;
    }
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address.reveal())).timeout(LIMIT).GET().build();
    CompletableFuture<HttpResponse<Void>> sent =
        known.sendAsync(request, HttpResponse.BodyHandlers.discarding());
    // The limit of the request is for the head of the answer only.
    return sent.copy()
        .orTimeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS)
        .handle(
            (answer, broken) -> {
              if (broken != null) {
                sent.cancel(true);
                // Its message may hold the address.
                tell(urlTold, "the heartbeat was not received: no answer from its host");
              } else if (answer.statusCode() >= 300) {
                tell(urlTold, "the heartbeat was not received: status " + answer.statusCode());
              } else {
                urlTold.set(false);
              }
              return answer;
            });
  }

  private void tell(AtomicBoolean told, String what) {
    if (!told.getAndSet(true)) {
      progress.warn(what);
    }
  }
}
