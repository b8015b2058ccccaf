/**
 * Drives a server's own expiry cycle harder for a while, and puts the former settings back. Start reading at {@code
 * Assist}.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.engine.assist;
