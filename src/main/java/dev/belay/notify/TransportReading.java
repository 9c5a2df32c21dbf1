package dev.belay.notify;

import dev.belay.config.Section;
import dev.belay.core.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads where a channel sends to, and with which credentials; never shows these. */
final class TransportReading {
  private static final URI NOWHERE = URI.create("https://nowhere.invalid");
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1", "[::1]");
  private static final Pattern ADDRESS =
      Pattern.compile("[^\\s\\p{Cntrl}@][^\\p{Cntrl}@]*@[^\\s\\p{Cntrl}@]+");
  private static final Pattern NUMBER = Pattern.compile("(whatsapp:)?\\+\\d{4,15}");
  private static final Pattern VISIBLE = Pattern.compile("[\\x20-\\x7e\\xa0-\\xff]*");

  private final String name;
  private final Section section;
  private final Problems problems;
  private final Redaction redaction;

  TransportReading(String name, Section section, Problems problems, Redaction redaction) {
    this.name = name;
    this.section = section;
    this.problems = problems;
    this.redaction = redaction;
  }

  /** The channel; of no use when something wrong was found. */
  Channel read(Kind kind) {
    return switch (kind) {
      case EMAIL -> email();
      case SLACK -> new SlackChannel(secretUrl(), http());
      case WEBHOOK -> new WebhookChannel(secretUrl(), headers(), secret("secret", false), http());
      case PAGERDUTY ->
          new PagerDutyChannel(
              baseUrl("https://events.pagerduty.com"), needed("routingKey"), http());
      case SMS -> sms();
    };
  }

  private Channel sms() {
    String account = neededText("accountSid");
    Secret token = needed("authToken");
    // As it stands in the header.
    redaction.hiding(account + ":" + token.reveal());
    return new SmsChannel(
        baseUrl("https://api.twilio.com"),
        account,
        token,
        neededText("from"),
        list("to", NUMBER, "a number such as +436641234567"),
        http());
  }

  private Channel email() {
    EmailChannel.Security security =
        problems.read(
            () ->
                section.choice("tls", EmailChannel.Security.class, EmailChannel.Security.STARTTLS),
            EmailChannel.Security.STARTTLS);
    Optional<String> user = problems.read(() -> section.text("user"), Optional.<String>empty());
    Optional<Secret> password = secret("password", user.isPresent());
    String login = user.orElse("");
    password.ifPresent(secret -> redaction.hiding("\0" + login + "\0" + secret.reveal()));
    if (password.isPresent() && user.isEmpty()) {
      problems.add(
          "%s: channel %s has a password and no user".formatted(section.where("password"), name),
          "write the user beside it");
    }
    String host = neededText("host");
    if (user.isPresent() && security == EmailChannel.Security.NONE && !allowsPlaintext()) {
      problems.add(
          "%s: channel %s would send its password without encryption"
              .formatted(section.where("tls"), name),
          "write tls: starttls, or allowPlaintext: true where the way is safe otherwise");
    }
    String from = neededText("from");
    if (!from.isEmpty() && !ADDRESS.matcher(from).matches()) {
      wrong("from", "is no address such as belay@example.org");
    }
    return new EmailChannel(
        host,
        problems.read(() -> section.number("port", security.port(), 1, 65_535), security.port()),
        security,
        user,
        password,
        from,
        list("to", ADDRESS, "an address such as dba@example.org"),
        rootCert());
  }

  private Http http() {
    Optional<URI> proxy =
        problems
            .read(() -> section.text("proxy"), Optional.<String>empty())
            .flatMap(text -> Optional.ofNullable(url("proxy", text)));
    return new Http(rootCert(), proxy);
  }

  private Optional<Path> rootCert() {
    return problems.read(
        () -> section.path("rootCert").map(file -> Trust.checked(file, section.where("rootCert"))),
        Optional.<Path>empty());
  }

  private boolean allowsPlaintext() {
    return problems.read(() -> section.flag("allowPlaintext", false), false);
  }

  /** A URL that is a secret itself. */
  private URI secretUrl() {
    Secret text = needed("url");
    URI url = text.reveal().isEmpty() ? NOWHERE : encrypted("url", text.reveal());
    redaction.hiding(url);
    return url;
  }

  private URI baseUrl(String usual) {
    return encrypted("baseUrl", problems.read(() -> section.text("baseUrl", usual), usual));
  }

  /** Credentials go through it, so it must be encrypted, unless it leaves the machine nowhere. */
  private URI encrypted(String key, String text) {
    URI url = url(key, text);
    if (url == null) {
      return NOWHERE;
    }
    boolean open = "http".equalsIgnoreCase(url.getScheme());
    if (open && !LOOPBACK.contains(url.getHost()) && !allowsPlaintext()) {
      wrong(
          key,
          "begins with http:, so that secrets would travel without encryption",
          "write https:, or allowPlaintext: true where the way is safe otherwise");
    }
    return url;
  }

  private @org.jspecify.annotations.Nullable URI url(String key, String text) {
    try {
      URI url = new URI(text);
      String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
      if (Set.of("http", "https").contains(scheme)
          && url.getHost() != null
          && url.getRawUserInfo() == null
          && url.getRawFragment() == null) {
        return url;
      }
    } catch (URISyntaxException malformed) {
      // The problem below says it without the text, which may be a secret.
    }
    wrong(key, "is no address like https://host/path, without a user in it");
    return null;
  }

  private Map<String, Secret> headers() {
    Section inner = section.section("headers");
    Map<String, Secret> headers = new LinkedHashMap<>();
    for (String header : inner.keys()) {
      Secret value = problems.read(() -> inner.secret(header).orElse(new Secret("")));
      if (value == null) {
        continue;
      }
      hide(value);
      if (sendable(header, value)) {
        headers.put(header, value);
      } else {
        problems.add(
            "%s: the header '%s' of channel %s cannot be sent"
                .formatted(inner.where(header), Composer.oneLine(header), name),
            "write a name and a value that HTTP allows, on one line");
      }
    }
    return headers;
  }

  private static boolean sendable(String header, Secret value) {
    try {
      HttpRequest.newBuilder(NOWHERE).setHeader(header, value.reveal());
      return VISIBLE.matcher(value.reveal()).matches();
    } catch (IllegalArgumentException refused) {
      return false;
    }
  }

  private Optional<Secret> secret(String key, boolean needed) {
    int before = problems.count();
    Optional<Secret> secret = problems.read(() -> section.secret(key), Optional.<Secret>empty());
    secret.ifPresent(this::hide);
    if (needed && secret.isEmpty()) {
      missing(key, before);
    }
    return secret;
  }

  private void hide(Secret secret) {
    String text = secret.reveal();
    redaction.hiding(text);
    int blank = text.indexOf(' ');
    if (blank > 0) {
      // What follows Bearer or Basic is the secret.
      redaction.hiding(text.substring(blank + 1).strip());
    }
  }

  private Secret needed(String key) {
    return secret(key, true).orElse(new Secret(""));
  }

  private String neededText(String key) {
    int before = problems.count();
    Optional<String> text = problems.read(() -> section.text(key), Optional.<String>empty());
    if (text.isEmpty()) {
      missing(key, before);
    }
    return text.orElse("");
  }

  private List<String> list(String key, Pattern form, String example) {
    int before = problems.count();
    List<String> items = problems.read(() -> section.list(key), List.<String>of());
    List<String> given = items.stream().map(String::strip).filter(each -> !each.isEmpty()).toList();
    if (given.isEmpty()) {
      missing(key, before);
    }
    for (String each : given) {
      if (!form.matcher(each).matches()) {
        problems.add(
            "%s: '%s' in %s of channel %s is not %s"
                .formatted(section.where(key), Composer.oneLine(each), key, name, example),
            "write " + key + ": [one, another]");
      }
    }
    return given;
  }

  private void missing(String key, int before) {
    // A variable that is not set has been said already.
    if (problems.count() == before) {
      problems.add(
          "%s: channel %s has no %s".formatted(section.where(key), name, key),
          "write " + key + ": ${A_VARIABLE_OF_THE_ENVIRONMENT} under notify.channels." + name);
    }
  }

  private void wrong(String key, String how) {
    wrong(key, how, "look at " + key + " of notify.channels." + name);
  }

  private void wrong(String key, String how, String hint) {
    problems.add("%s: %s of channel %s %s".formatted(section.where(key), key, name, how), hint);
  }
}
