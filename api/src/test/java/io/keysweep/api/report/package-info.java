@org.jspecify.annotations.NullMarked
package io.keysweep.api.report;
