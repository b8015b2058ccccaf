package io.keysweep.server.error;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * Is the JSON body of every error response of the DCS API and the IAM API, under {@code /v2} and {@code /v3}.
 *
 * <p>The official SDKs read {@code error_code} and {@code error_msg}, which are never null.
 *
 * @param errorCode code, such as {@code DCS.4800}
 * @param errorMsg message of the code, in the words of the vendor
 * @param errorExtMsg detail, such as the value and the rule; null if there is none
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record DcsErrorBody(
        @JsonProperty("error_code") String errorCode,
        @JsonProperty("error_msg") String errorMsg,
        @JsonProperty("error_ext_msg") @Nullable String errorExtMsg) {}
