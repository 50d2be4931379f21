package dev.agentservice.operator;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.deser.ContextualDeserializer;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.deser.std.StringDeserializer;
import java.io.IOException;

/**
 * Reads a string that was read lately as the same one: a service's name and UID are in each of its
 * children several times, and what is not of one service is of all. It is so only in what the
 * caches have many of, never in what a Secret holds: that is not to be kept a moment longer.
 */
final class RepeatedStrings extends StdScalarDeserializer<String>
    implements ContextualDeserializer {

  static final RepeatedStrings INSTANCE = new RepeatedStrings();

  private static final long serialVersionUID = 1L;

  /** Where a string is, if it is: what came later to its place is there in its stead. */
  private static final String[] LATELY = new String[1 << 15];

  /** kubectl keeps in them, for a Secret too, all that was applied. */
  private static final String ANNOTATIONS = "annotations";

  private RepeatedStrings() {
    super(String.class);
  }

  @Override
  public JsonDeserializer<?> createContextual(
      DeserializationContext context, BeanProperty property) {
    return property != null
            && property.getMember() != null
            && LeanReading.isCached(property.getMember().getDeclaringClass())
            && !property.getName().equals(ANNOTATIONS)
        ? this
        : StringDeserializer.instance;
  }

  @Override
  public String deserialize(JsonParser parser, DeserializationContext context) throws IOException {
    var read = StringDeserializer.instance.deserialize(parser, context);
    var place = spread(read.hashCode()) & (LATELY.length - 1);
    var there = LATELY[place];
    if (read.equals(there)) {
      return there;
    }
    LATELY[place] = read;
    return read;
  }

  private static int spread(int hash) {
    return hash ^ (hash >>> 16);
  }
}
