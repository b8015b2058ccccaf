/**
 * Sends notices of events to the webhooks of a project, and repeats attempts that fail.
 *
 * <p>A webhook is a URL that receives the events of a project. A notice is the message about one event. A delivery is
 * one notice for one webhook, sent by one attempt or several. {@code Notices} writes notices to an outbox in the
 * database, and {@code Deliveries} sends them.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.notify;
