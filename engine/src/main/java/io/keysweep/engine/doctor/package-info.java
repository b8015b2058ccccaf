/**
 * Examines servers before a sweep and reports findings, each with a suggested action. Start reading at {@code
 * ServerDoctor}.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.engine.doctor;
