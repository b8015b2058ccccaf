/** Sends notices of events to the webhooks of a project: writes each to an outbox and retries its delivery. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.notify;
