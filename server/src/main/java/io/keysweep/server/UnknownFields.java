package io.keysweep.server;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.DeserializationProblemHandler;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/**
 * Refuses unknown fields in the registrations of the native API, where a misspelt field would have no effect.
 *
 * <p>Jackson calls this class for each unknown field. Registrations are the types of the package {@code
 * io.keysweep.api} whose names end with {@code Registration}. Other bodies of the native API are read with {@code
 * DocumentReader}, which refuses unknown fields, too. The DCS and IAM APIs ignore them, as the vendor does.
 */
final class UnknownFields extends DeserializationProblemHandler {

    private static final String NATIVE_API = "io.keysweep.api";
    private static final String REQUEST = "Registration";

    @Override
    public boolean handleUnknownProperty(
            DeserializationContext context,
            @Nullable JsonParser parser,
            @Nullable ValueDeserializer<?> deserializer,
            Object beanOrClass,
            String name) {
        Class<?> type = beanOrClass instanceof Class<?> found ? found : beanOrClass.getClass();
        if (!type.getPackageName().equals(NATIVE_API) || !type.getSimpleName().endsWith(REQUEST)) {
            // False leaves the field to Jackson, whose settings in ServerConfiguration ignore it.
            return false;
        }
        throw UnrecognizedPropertyException.from(
                parser, type, name, deserializer == null ? null : deserializer.getKnownPropertyNames());
    }
}
