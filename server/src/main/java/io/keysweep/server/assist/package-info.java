/**
 * Stores the former settings of servers that assist has raised, and restores them after a worker was lost.
 *
 * <p>{@code SettingsLedger} stores them while a worker assists; {@code RaisedSettingsRestorer} restores them.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.assist;
