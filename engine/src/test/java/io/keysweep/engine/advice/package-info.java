/** Tests the advice over a table of situations. */
@org.jspecify.annotations.NullMarked
package io.keysweep.engine.advice;
