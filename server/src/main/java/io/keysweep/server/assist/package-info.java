/**
 * Keeps the former settings of servers that assist has raised in the database, and puts them back after a worker was
 * lost. Start reading at {@code SettingsLedger}.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.assist;
