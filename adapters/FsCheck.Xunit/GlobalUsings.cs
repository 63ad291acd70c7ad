global using Microsoft.FSharp.Collections;
global using Microsoft.FSharp.Core;
global using Xunit;
global using Xunit.Abstractions;
global using Xunit.Sdk;
