/** Webhooks: what a project is told of its scans, written with what it tells and delivered until it has arrived. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.notify;
