global using System.Globalization;
global using Rmap.Model.Operations;
global using Rmap.Model.Trees;
global using Rmap.Model.Types;
global using Rmap.Model.Values;
