package dev.belay.notify;

import dev.belay.core.Secret;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Sends short messages by the HTTP API of Twilio, or one that is like it. */
record SmsChannel(
    URI baseUrl, String accountSid, Secret authToken, String from, List<String> to, Http http)
    implements Channel {

  @Override
  public String send(Message message, Effort effort) {
    List<String> lost = new ArrayList<>();
    for (String number : to) {
      try {
        Http.Post post = post(message, number);
        http.post(() -> post, effort);
      } catch (Undelivered undelivered) {
        lost.add(number + ": " + undelivered.reason());
      }
    }
    if (lost.size() == to.size()) {
      throw Undelivered.forGood(lost.get(0));
    }
    return lost.isEmpty()
        ? ""
        : "not to %d of %d numbers: %s".formatted(lost.size(), to.size(), String.join("; ", lost));
  }

  private Http.Post post(Message message, String number) {
    // Twilio takes either a number or the name of a service that has some.
    String sender = from.startsWith("MG") ? "MessagingServiceSid" : "From";
    String form =
        "To="
            + encoded(number)
            + "&"
            + sender
            + "="
            + encoded(from)
            + "&Body="
            + encoded(message.text());
    String credentials = accountSid + ":" + authToken.reveal();
    return new Http.Post(
        Http.under(baseUrl, "/2010-04-01/Accounts/" + encoded(accountSid) + "/Messages.json"),
        Map.of(
            "Content-Type",
            "application/x-www-form-urlencoded",
            "Authorization",
            "Basic "
                + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8))),
        form);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public String place() {
    return Http.host(baseUrl);
  }

  @Override
  public String toString() {
    return "sms by " + place();
  }
}
