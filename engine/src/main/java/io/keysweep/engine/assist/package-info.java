/**
 * Raises settings of a server's own expiry cycle for a while, and then restores them. Start reading at {@code Assist}.
 *
 * <p>The expiry cycle is the background work by which a server removes expired keys itself. {@code Assist} examines and
 * claims a server. {@code AssistRun} plans the change of settings and restores the former values. {@code AssistDriver}
 * raises and lowers the settings again and again. {@code AssistLedger} stores the former values.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.engine.assist;
