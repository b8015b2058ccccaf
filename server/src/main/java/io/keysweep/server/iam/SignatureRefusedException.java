package io.keysweep.server.iam;

/** Leaves the verification early; never leaves this package. */
final class SignatureRefusedException extends Exception {

    private final RefusalReason reason;
    private final String text;

    SignatureRefusedException(RefusalReason reason, String text) {
        // Hostile requests come in floods, so without a stack trace, which nobody would read.
        super(text, null, /* enableSuppression= */ false, /* writableStackTrace= */ false);
        this.reason = reason;
        this.text = text;
    }

    Verification.Refused refusal() {
        return new Verification.Refused(reason, text);
    }
}
