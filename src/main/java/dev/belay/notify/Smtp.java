package dev.belay.notify;

import dev.belay.core.Secret;
import dev.belay.core.Units;
import jakarta.mail.Address;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Date;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.jspecify.annotations.Nullable;

/** One try to send one mail, in a thread of its own, since a server may drip for ever. */
final class Smtp {
  private static final String PROTOCOL = "smtp";

  private final EmailChannel settings;

  Smtp(EmailChannel settings) {
    this.settings = settings;
  }

  /**
   * Sends it.
   *
   * @return who did not get it though others did; empty: everybody did
   * @throws Undelivered when nobody did
   */
  String send(Message message, Duration time) {
    Sockets sockets = new Sockets(settings.rootCert());
    FutureTask<String> task = new FutureTask<>(() -> talk(message, time, sockets));
    Thread thread = new Thread(task, "notify-smtp");
    thread.setDaemon(true);
    thread.start();
    try {
      return task.get(time.toMillis() + 1, TimeUnit.MILLISECONDS);
    } catch (TimeoutException silent) {
      throw Undelivered.forNow(
          "no answer from " + settings.place() + " within " + Units.duration(time));
    } catch (ExecutionException broken) {
      throw undelivered(broken.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw Undelivered.forGood("belay is being ended");
    } finally {
      sockets.close();
    }
  }

  private String talk(Message message, Duration time, Sockets sockets)
      throws MessagingException, IOException {
    Session session = Session.getInstance(properties(time, sockets));
    MimeMessage mail = mail(session, message);
    try (Transport transport = session.getTransport(PROTOCOL)) {
      transport.connect(
          settings.host(),
          settings.port(),
          settings.user().orElse(null),
          settings.password().map(Secret::reveal).orElse(null));
      transport.sendMessage(mail, mail.getAllRecipients());
      return "";
    } catch (SendFailedException some) {
      if (some.getValidSentAddresses() == null || some.getValidSentAddresses().length == 0) {
        throw some;
      }
      return "not accepted for "
          + shown(some.getInvalidAddresses(), some.getValidUnsentAddresses());
    }
  }

  private Properties properties(Duration time, Sockets sockets) {
    String millis = String.valueOf(Math.max(1, time.toMillis()));
    Properties all = new Properties();
    set(all, "connectiontimeout", millis);
    set(all, "timeout", millis);
    set(all, "writetimeout", millis);
    set(all, "auth", String.valueOf(settings.user().isPresent()));
    set(all, "auth.mechanisms", "PLAIN LOGIN");
    set(all, "sendpartial", "true");
    set(all, "quitwait", "false");
    set(all, "ssl.checkserveridentity", "true");
    set(all, "starttls.enable", String.valueOf(isStartTls()));
    set(all, "starttls.required", String.valueOf(isStartTls()));
    set(all, "ssl.enable", String.valueOf(settings.security() == EmailChannel.Security.TLS));
    set(all, "socketFactory.fallback", "false");
    all.put("mail." + PROTOCOL + ".socketFactory", sockets.plain());
    all.put("mail." + PROTOCOL + ".ssl.socketFactory", sockets.encrypted());
    return all;
  }

  private boolean isStartTls() {
    return settings.security() == EmailChannel.Security.STARTTLS;
  }

  private static void set(Properties all, String name, String value) {
    all.setProperty("mail." + PROTOCOL + "." + name, value);
  }

  private MimeMessage mail(Session session, Message message) throws MessagingException {
    Event event = message.event();
    Incident incident = event.incident();
    MimeMessage mail = new Named(session, id(event.key() + event.action()));
    try {
      mail.setFrom(new InternetAddress(settings.from(), true));
      for (String address : settings.to()) {
        mail.addRecipient(MimeMessage.RecipientType.TO, new InternetAddress(address, true));
      }
    } catch (AddressException malformed) {
      throw Undelivered.forGood("an address is none: " + malformed.getRef());
    }
    mail.setSubject(message.subject(), StandardCharsets.UTF_8.name());
    mail.setText(message.text(), StandardCharsets.UTF_8.name());
    mail.setSentDate(Date.from(event.at()));
    mail.setHeader("Auto-Submitted", "auto-generated");
    mail.setHeader("X-Belay-Event", Event.word(event.type()));
    mail.setHeader("X-Belay-Severity", Event.word(event.severity()));
    if (incident != null) {
      // So that mail programs show an incident as one conversation.
      mail.setHeader("References", id(incident.key()));
    }
    return mail;
  }

  /** The same for the same event, so that what arrives twice is seen to be the same. */
  private static String id(String key) {
    return "<" + UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8)) + "@belay>";
  }

  private static String shown(Address @Nullable [] invalid, Address @Nullable [] unsent) {
    return java.util.stream.Stream.of(invalid, unsent)
        .filter(java.util.Objects::nonNull)
        .flatMap(Arrays::stream)
        .map(Address::toString)
        .distinct()
        .collect(Collectors.joining(", "));
  }

  private Undelivered undelivered(@Nullable Throwable broken) {
    String place = settings.place();
    for (Throwable cause = broken; cause != null; cause = next(cause)) {
      if (cause instanceof Undelivered known) {
        return known;
      }
      if (cause instanceof AuthenticationFailedException) {
        return Undelivered.forGood(place + " does not accept user and password");
      }
      if (cause instanceof SSLException tls) {
        return Undelivered.forGood("TLS with " + place + " fails: " + words(tls));
      }
      int code = code(cause);
      if (code > 0) {
        String reason = place + " answers " + code + ": " + words(cause);
        return code >= 500 ? Undelivered.forGood(reason) : Undelivered.forNow(reason);
      }
      if (cause instanceof java.net.UnknownHostException) {
        return Undelivered.forNow("the host " + settings.host() + " is not known");
      }
      if (cause instanceof java.net.ConnectException) {
        return Undelivered.forNow(place + " refuses the connection");
      }
      if (cause instanceof java.net.SocketTimeoutException) {
        return Undelivered.forNow("no answer from " + place + " in time");
      }
    }
    if (broken instanceof MessagingException && words(broken).contains("STARTTLS")) {
      return Undelivered.forGood(
          place + " has no STARTTLS, and nothing is sent to it without; see tls");
    }
    return Undelivered.forNow(place + " ended the conversation");
  }

  private static @Nullable Throwable next(Throwable thrown) {
    return thrown instanceof MessagingException mail && mail.getNextException() != null
        ? mail.getNextException()
        : thrown.getCause();
  }

  private static int code(Throwable cause) {
    if (cause instanceof SMTPSendFailedException sending) {
      return sending.getReturnCode();
    }
    if (cause instanceof SMTPSenderFailedException sender) {
      return sender.getReturnCode();
    }
    return cause instanceof SMTPAddressFailedException address ? address.getReturnCode() : 0;
  }

  private static String words(Throwable cause) {
    return Composer.whole(String.valueOf(cause.getMessage()));
  }

  /** A mail whose name is chosen here. */
  private static final class Named extends MimeMessage {
    private final String id;

    Named(Session session, String id) {
      super(session);
      this.id = id;
    }

    @Override
    protected void updateMessageID() throws MessagingException {
      setHeader("Message-ID", id);
    }
  }
}
