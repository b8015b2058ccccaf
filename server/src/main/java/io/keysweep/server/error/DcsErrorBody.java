package io.keysweep.server.error;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.keysweep.engine.text.ForeignText;
import org.jspecify.annotations.Nullable;

/**
 * Holds the JSON body of an error response of the DCS API or the IAM API, under {@code /v2} or {@code /v3}.
 *
 * <p>DCS is the Distributed Cache Service of Huawei Cloud, whose API the service also offers.
 *
 * <p>The official SDKs read {@code error_code} and {@code error_msg}, which are never null, and print nothing else.
 *
 * @param errorCode code, such as {@code DCS.4800}
 * @param errorMsg sentence of the vendor for the code, word for word, followed by the reason if there is one
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record DcsErrorBody(
        @JsonProperty("error_code") String errorCode,
        @JsonProperty("error_msg") String errorMsg) {

    /** The length in characters of the longest message, according to the vendor's reference. */
    static final int MAX_MESSAGE_LENGTH = 1024;

    /** Creates the body for a refusal. A message that is too long is cut off and ends with "…". */
    static DcsErrorBody of(RequestRefusedException refusal) {
        String message = String.valueOf(refusal.getMessage());
        return new DcsErrorBody(
                refusal.code().code(),
                message.length() > MAX_MESSAGE_LENGTH
                        ? ForeignText.beginning(message, MAX_MESSAGE_LENGTH - 1) + "…"
                        : message);
    }

    /** Returns null: the vendor's reference documents this field as unused. */
    @JsonProperty("error_ext_msg")
    @Nullable String errorExtMsg() {
        return null;
    }
}
