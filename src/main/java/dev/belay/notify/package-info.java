/** send-notification, and telling people what operations do: by mail, chat, SMS, pager, webhook. */
@NullMarked
package dev.belay.notify;

import org.jspecify.annotations.NullMarked;
