/** Tests that text from elsewhere reaches the log as text only. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.logging;
